"""What identifies a model's vectors."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from faqbot.encoder.checkpoints.checkpoint import HEADS, TOKENIZER_FILES, Checkpoint, weight_files
from faqbot.encoder.checkpoints.digests import Digests

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_PROBES = ("Hello, world! 3,5 €", "如何修改密码？", "ＡＢＣ１２３", "Straße ÉCOLE مرحبا", "🙂 a  b")


def fingerprint(checkpoint: Checkpoint, tokenizer: Tokenizer, pooling: str, instruction: str, digests: Digests) -> str:
    """What two encoders share when their vectors may be compared: `name:16 hex digits`.

    Counts: every byte of config, weights, heads and tokenizer, or the recipe that they were built by; pooling,
    instruction, and the token ids of fixed probes, because a tokenizer library may change them. Does not count:
    device, precision and batch size, which move vectors by rounding only, and `max_length`, which touches none but
    the rare texts beyond it.
    """
    probes = [encoded.ids for encoded in tokenizer.encode_batch(list(_PROBES))]
    content = checkpoint.recipe or _content_hash(checkpoint.folder, digests)
    parts = (content, pooling, instruction, probes)
    return f"{checkpoint.name}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


def _content_hash(folder: Path, digests: Digests) -> str:
    """SHA-256 over what decides the vectors: the bytes of config, heads, weights and tokenizer."""
    digest = hashlib.sha256()
    tokenizer = [folder / name for name in TOKENIZER_FILES if (folder / name).is_file()]
    for path in [folder / "config.json", *(folder / name for name in HEADS), *weight_files(folder), *tokenizer]:
        digest.update(f"{path.name} {digests.sha256(path)}\n".encode())
    return digest.hexdigest()

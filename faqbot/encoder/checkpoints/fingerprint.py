"""What identifies a model's vectors."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from faqbot.encoder.checkpoints.checkpoint import HEADS, Checkpoint, weight_files

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WHOLE_FILE = 50_000_000
_EDGE = 1 << 20
_PROBES = ("Hello, world! 3,5 €", "如何修改密码？", "ＡＢＣ１２３", "Straße ÉCOLE مرحبا", "🙂 a  b")


def fingerprint(checkpoint: Checkpoint, tokenizer: Tokenizer, pooling: str, instruction: str) -> str:
    """What two encoders share when their vectors may be compared: `name:16 hex digits`.

    Counts: config, weights and heads, pooling, instruction, and the token ids of fixed probes, because a tokenizer
    library may change them. Does not count: device, precision and batch size, which move vectors by rounding only,
    and `max_length`, which touches none but the rare texts beyond it.
    """
    probes = [encoded.ids for encoded in tokenizer.encode_batch(list(_PROBES))]
    content = checkpoint.recipe or _content_hash(checkpoint.folder)
    parts = (content, pooling, instruction, probes)
    return f"{checkpoint.name}:{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"


def _content_hash(folder: Path) -> str:
    """SHA-256 over what decides the vectors: config, heads, weights.

    Of files beyond 50 MB only the size, the first and the last MB are read: hashing gigabytes at every start
    would cost more than loading them.
    """
    digest = hashlib.sha256()
    for path in [folder / "config.json", *(folder / name for name in HEADS), *weight_files(folder)]:
        size = path.stat().st_size
        digest.update(f"{path.name} {size} ".encode())
        with path.open("rb") as file:
            if size <= _WHOLE_FILE:
                digest.update(file.read())
            else:
                digest.update(file.read(_EDGE))
                file.seek(-_EDGE, os.SEEK_END)
                digest.update(file.read())
    return digest.hexdigest()

"""What a folder in BGE-M3's layout must hold, and what it records about itself."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from faqbot.encoder.checkpoints.digests import Digests
from faqbot.errors import ModelUnavailable
from faqbot.language import _

MANIFEST = "faqbot.json"
HEADS = ("sparse_linear.pt", "colbert_linear.pt")
_WEIGHTS = ("model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json")
_TOKENIZERS = ("tokenizer.json", "sentencepiece.bpe.model")
TOKENIZER_FILES = (*_TOKENIZERS, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt")
"""All that a tokenizer may be read from; the last is a BERT's."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A folder that can be opened.

    Attributes:
        name: For people: `compact`, a hub name, or the folder's own name.
        folder: Where it is.
        reason: Why this one was taken, one sentence.
        recipe: Names the content where we built it ourselves: the bytes of such a folder vary with the libraries
            that wrote them, what they mean does not. Empty for all others, whose files are hashed.
    """

    name: str
    folder: Path
    reason: str
    recipe: str = ""


def missing_names(present: Collection[str]) -> list[str]:
    """What a list of file names lacks to be a checkpoint in BGE-M3's layout; empty when it is complete.

    Both heads are asked for because FlagEmbedding, not finding them, goes on with random ones.
    """
    missing = [name for name in ("config.json", *HEADS) if name not in present]
    for alternatives in (_TOKENIZERS, _WEIGHTS):
        if not any(name in present for name in alternatives):
            missing.append(" or ".join(alternatives[:2]))
    return missing


def missing_files(folder: Path) -> list[str]:
    """What the folder lacks: as `missing_names`, and parts of weights that are split over files."""
    present = {path.name for path in folder.iterdir() if path.is_file() and path.stat().st_size > 0}
    parts = [path.name for path in weight_files(folder) if path.name not in present]
    return list(dict.fromkeys(missing_names(present) + parts))


def weight_files(folder: Path) -> list[Path]:
    """The files that hold the backbone: one, or the parts that an index names; empty where there is neither."""
    for name in _WEIGHTS:
        if (folder / name).is_file():
            if not name.endswith(".index.json"):
                return [folder / name]
            return [folder / part for part in sorted(set(_read_json(folder / name).get("weight_map", {}).values()))]
    return []


def check(folder: Path, name: str) -> None:
    """Refuse a folder that is not complete.

    Raises:
        ModelUnavailable: A file is missing or empty.
    """
    missing = missing_files(folder)
    if missing:
        raise ModelUnavailable(
            _(
                "Model {name} in {folder} is incomplete; it lacks {missing}.",
                name=name,
                folder=folder,
                missing=list(missing),
            )
        )


def recorded_pooling(folder: Path) -> str:
    """`cls` or `mean`: what `faqbot.json` says, else sentence-transformers' pooling file, else `cls` as in BGE-M3."""
    ours = _read_json(folder / MANIFEST).get("pooling")
    if ours in ("cls", "mean"):
        return str(ours)
    theirs = _read_json(folder / "1_Pooling" / "config.json")
    is_mean = theirs.get("pooling_mode_mean_tokens") and not theirs.get("pooling_mode_cls_token")
    return "mean" if is_mean else "cls"


def recorded_instruction(folder: Path) -> str:
    """What the model was trained to see before every text; empty when `faqbot.json` says nothing."""
    return str(_read_json(folder / MANIFEST).get("query_instruction") or "")


@dataclass(frozen=True, slots=True)
class BackboneConfig:
    """What `config.json` says about the backbone, under its own names."""

    model_type: str
    hidden_act: str
    vocab_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float
    pad_token_id: int


def read_kind(folder: Path) -> tuple[str, str]:
    """The backbone's type and its activation, as `config.json` names them; empty where it does not say."""
    values = _read_json(folder / "config.json")
    return str(values.get("model_type", "")), str(values.get("hidden_act", ""))


def read_config(folder: Path) -> BackboneConfig:
    """Read all that the backbone needs from `config.json`.

    Raises:
        ModelUnavailable: It cannot be read, or a value is missing or of the wrong type.
    """
    values = _read_json(folder / "config.json")
    kinds = {"str": str, "int": int, "float": float}
    found = {}
    for field in fields(BackboneConfig):
        try:
            found[field.name] = kinds[str(field.type)](values[field.name])
        except (KeyError, TypeError, ValueError):
            raise ModelUnavailable(
                _("{file} does not say {name}.", file=folder / "config.json", name=field.name)
            ) from None
    return BackboneConfig(**found)


def shape(folder: Path) -> tuple[int, int]:
    """Length of a vector, and the most tokens that the backbone takes, from `config.json`.

    Raises:
        ModelUnavailable: The file does not hold them.
    """
    values = _read_json(folder / "config.json")
    try:
        dimension, positions = int(values["hidden_size"]), int(values["max_position_embeddings"])
        # These families count positions from behind the padding id.
        if any(family in values["model_type"] for family in ("roberta", "camembert", "mpnet")):
            positions -= int(values["pad_token_id"]) + 1
    except (KeyError, TypeError, ValueError):
        raise ModelUnavailable(_("{file} does not describe an encoder's size.", file=folder / "config.json")) from None
    return dimension, positions


def seal(folder: Path, facts: dict[str, object]) -> None:
    """Write `faqbot.json` last: the facts, and size and SHA-256 of every file, all flushed to disk."""
    files = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        path.chmod(0o644)  # safetensors writes files that only their owner can read; a cache may be shared.
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        files[path.name] = {"bytes": path.stat().st_size, "sha256": digest}
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump({**facts, "files": files}, file, indent=2)
        file.flush()
        os.fsync(file.fileno())


def is_intact(folder: Path, digests: Digests) -> bool:
    """Whether `seal` finished here and every file still has its bytes."""
    files = _read_json(folder / MANIFEST).get("files")
    if not isinstance(files, dict) or not files:
        return False
    return all(
        (folder / name).is_file()
        and (folder / name).stat().st_size == facts["bytes"]
        and digests.sha256(folder / name) == facts["sha256"]
        for name, facts in files.items()
    )


def _read_json(path: Path) -> dict[str, Any]:
    """The object in the file; empty where there is none to be read."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}

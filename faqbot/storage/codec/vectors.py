"""How the three parts of an `Encoding` become bytes, and back.

Every part is one block, little-endian, without pickle:

    offset  size  what
    0       1     codec version, 1
    1       1     kind: 1 dense, 2 lexical weights, 3 multi-vector
    2       2     columns, uint16 (lexical weights: 0)
    4       4     rows, uint32 (dense: 1; lexical weights: number of tokens)
    8       4     CRC-32 of the first 8 bytes and the payload
    12      ...   payload

| part            | payload                                     | bytes                | error            |
|-----------------|---------------------------------------------|----------------------|------------------|
| dense           | float32                                     | 12 + 4 d             | none             |
| lexical weights | uint32 token ids ascending, float32 weights | 12 + 8 n             | none (float32)   |
| multi-vector    | float16, row by row                         | 12 + 2 d (tokens - 1)| see below        |

A component of the multi-vector is rounded to float16: at most 2^-11 of its own size, or 2^-25 where it is
below 2^-14. So the dot product of a stored unit row with any unit vector is off by less than 5.1e-4 for
dimensions up to 4096, and so is every ColBERT score, which is a mean of such products. A question of 12 tokens
takes 4,108 + 108 + 24,588 bytes at most with d = 1024 (BGE-M3) and 1,548 + 108 + 9,228 with d = 384.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding, Vector
from faqbot.errors import StorageError
from faqbot.language import _

VERSION = 1
_HEADER = struct.Struct("<BBHI")
_CRC = struct.Struct("<I")
_START = _HEADER.size + _CRC.size
_DENSE, _LEXICAL, _MULTI = 1, 2, 3
_NAMES = {_DENSE: _("dense vector"), _LEXICAL: _("set of lexical weights"), _MULTI: _("multi-vector")}


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """The arrays in three blocks, as they are stored.

    Attributes:
        dense: Shape (dimension,), float32.
        token_ids: Of the lexical weights, ascending, uint32.
        token_weights: Same shape, float32.
        multi_vector: Shape (tokens - 1, dimension), float16.
    """

    dense: Vector
    token_ids: npt.NDArray[np.uint32]
    token_weights: Vector
    multi_vector: npt.NDArray[np.float16]


def pack(encoding: Encoding) -> tuple[bytes, bytes, bytes]:
    """Turn an encoding into (dense, lexical weights, multi-vector) blocks; equal encodings give equal bytes."""
    dense = np.ascontiguousarray(encoding.dense, dtype="<f4")
    multi = np.ascontiguousarray(encoding.multi_vector, dtype="<f2")
    tokens = sorted(encoding.lexical_weights)
    weights = [encoding.lexical_weights[token] for token in tokens]
    lexical = np.array(tokens, dtype="<u4").tobytes() + np.array(weights, dtype="<f4").tobytes()
    return (
        _block(_DENSE, 1, dense.shape[0], dense.tobytes()),
        _block(_LEXICAL, len(tokens), 0, lexical),
        _block(_MULTI, multi.shape[0], multi.shape[1], multi.tobytes()),
    )


def read(dense: bytes, lexical_weights: bytes, multi_vector: bytes) -> Blocks:
    """Check three blocks and find the arrays in them; nothing is copied.

    Raises:
        StorageError: A block is damaged, of another kind, or written by a newer codec.
    """
    _rows, _columns, payload = _open(dense, _DENSE)
    rows, width, rows_payload = _open(multi_vector, _MULTI)
    tokens, _columns, pairs = _open(lexical_weights, _LEXICAL)
    return Blocks(
        dense=np.frombuffer(payload, dtype="<f4"),
        token_ids=np.frombuffer(pairs, dtype="<u4", count=tokens),
        token_weights=np.frombuffer(pairs, dtype="<f4", offset=4 * tokens),
        multi_vector=np.frombuffer(rows_payload, dtype="<f2").reshape(rows, width),
    )


def unpack(dense: bytes, lexical_weights: bytes, multi_vector: bytes) -> Encoding:
    """Turn three blocks back into an encoding; errors as in `read`."""
    blocks = read(dense, lexical_weights, multi_vector)
    return Encoding(
        dense=blocks.dense,
        lexical_weights=dict(zip(blocks.token_ids.tolist(), blocks.token_weights.tolist(), strict=True)),
        multi_vector=blocks.multi_vector.astype(np.float32),
    )


def _block(kind: int, rows: int, columns: int, payload: bytes) -> bytes:
    header = _HEADER.pack(VERSION, kind, columns, rows)
    return header + _CRC.pack(zlib.crc32(payload, zlib.crc32(header))) + payload


def _open(block: bytes, kind: int) -> tuple[int, int, memoryview]:
    """Check a block and return (rows, columns, payload)."""
    if len(block) < _START:
        raise _damaged(kind, _("it is too short"))
    version, found, columns, rows = _HEADER.unpack_from(block)
    if version != VERSION:
        raise _damaged(kind, _("its format is {found}, this program reads {known}", found=version, known=VERSION))
    payload = memoryview(block)[_START:]
    if found != kind:
        raise _damaged(kind, _("it is of kind {found} where {kind} belongs", found=found, kind=kind))
    size = {_DENSE: 4 * columns, _LEXICAL: 8 * rows, _MULTI: 2 * rows * columns}[kind]
    if len(payload) != size:
        raise _damaged(kind, _("it has {count} bytes where {size} belong", count=len(payload), size=size))
    if (zlib.crc32(payload, zlib.crc32(block[: _HEADER.size])),) != _CRC.unpack_from(block, _HEADER.size):
        raise _damaged(kind, _("its checksum is wrong"))
    return rows, columns, payload


def _damaged(kind: int, why: str) -> StorageError:
    return StorageError(
        _("A stored {name} cannot be read: {why}; restore the database from a backup.", name=_NAMES[kind], why=why)
    )

"""Many encodings as a few long arrays, which are held once and may lie in files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding, Vector

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class TokenVectors:
    """The multi-vectors of many texts, one after the other.

    Attributes:
        rows: Shape (all tokens, dimension), float16 or float32.
        starts: The row at which each text begins, shape (n,).
        ends: The row behind its last one, same shape; every text has a row.
    """

    rows: npt.NDArray[np.floating]
    starts: Indices
    ends: Indices

    @classmethod
    def of(cls, multi_vectors: Sequence[Vector]) -> TokenVectors:
        """Put multi-vectors one after the other, as precise as they are; at least one."""
        ends = np.cumsum([len(rows) for rows in multi_vectors])
        starts = np.concatenate(([0], ends[:-1]))
        return cls(np.concatenate(multi_vectors), starts, ends)

    def __len__(self) -> int:
        """How many texts."""
        return len(self.starts)

    def __getitem__(self, text: int) -> Vector:
        """One text's multi-vector, shape (tokens, dimension), float32."""
        return np.asarray(self.rows[self.starts[text] : self.ends[text]], dtype=np.float32)

    @property
    def lengths(self) -> Indices:
        """Tokens per text, shape (n,)."""
        return self.ends - self.starts

    def take(self, texts: Indices) -> TokenVectors:
        """Some of the texts, in this order; no vector is copied."""
        return TokenVectors(self.rows, self.starts[texts], self.ends[texts])

    def gather(self, texts: Indices) -> tuple[npt.NDArray[np.floating], Indices]:
        """Some texts' rows one after the other, and the row at which each of them begins."""
        spans = zip(self.starts[texts].tolist(), self.ends[texts].tolist(), strict=True)
        together = np.concatenate([self.rows[start:end] for start, end in spans])
        ends = np.cumsum(self.lengths[texts])
        return together, np.concatenate(([0], ends[:-1]))


@dataclass(frozen=True, slots=True, eq=False)
class StackedEncodings:
    """The encodings of n texts.

    Attributes:
        dense: Unit rows, shape (n, dimension), float32.
        tokens: The multi-vectors, float16: their products are off by 5e-4 at most.
        lexical_ids: Token ids of the lexical weights, text after text, int32.
        lexical_weights: Their weights, same shape, float32.
        lexical_starts: Where each text's weights begin, shape (n + 1,); the last is the length of both.
    """

    dense: Vector
    tokens: TokenVectors
    lexical_ids: npt.NDArray[np.int32]
    lexical_weights: Vector
    lexical_starts: Indices

    def __len__(self) -> int:
        """How many texts."""
        return len(self.dense)

    def __getitem__(self, text: int) -> Encoding:
        """One text's encoding."""
        span = slice(self.lexical_starts[text], self.lexical_starts[text + 1])
        weights = zip(self.lexical_ids[span].tolist(), self.lexical_weights[span].tolist(), strict=True)
        return Encoding(self.dense[text], dict(weights), self.tokens[text])


Encodings = Sequence[Encoding] | StackedEncodings
"""One per text; stacked ones are shared by all who read them, others are copied into a stack."""


def stacked(encodings: Encodings) -> StackedEncodings:
    """Encodings, at least one, as a stack in memory; what is a stack already is given back."""
    if isinstance(encodings, StackedEncodings):
        return encodings
    weights = [encoding.lexical_weights for encoding in encodings]
    return StackedEncodings(
        dense=np.stack([encoding.dense for encoding in encodings]).astype(np.float32, copy=False),
        tokens=TokenVectors.of([encoding.multi_vector.astype(np.float16) for encoding in encodings]),
        lexical_ids=np.fromiter((token for row in weights for token in row), dtype=np.int32),
        lexical_weights=np.fromiter((weight for row in weights for weight in row.values()), dtype=np.float32),
        lexical_starts=np.concatenate(([0], np.cumsum([len(row) for row in weights]))),
    )

"""Texts with those of their vectors that they are compared by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from faqbot.encoder.stacked import Encodings, StackedEncodings, TokenVectors

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Some texts.

    Attributes:
        texts: As encoded.
        dense: Unit rows, shape (n, dimension), float32.
        tokens: Their multi-vectors.
    """

    texts: tuple[str, ...]
    dense: Matrix
    tokens: TokenVectors

    @classmethod
    def of(cls, texts: Sequence[str], encodings: Encodings) -> Texts:
        """Bind texts to their encodings, at least one; a stack is shared, others are copied."""
        if isinstance(encodings, StackedEncodings):
            return cls(tuple(texts), encodings.dense, encodings.tokens)
        tokens = TokenVectors.of([encoding.multi_vector for encoding in encodings])
        return cls(tuple(texts), np.stack([encoding.dense for encoding in encodings]), tokens)

    def take(self, rows: Indices) -> Texts:
        """Some of the texts, in the order of `rows`."""
        return Texts(tuple(self.texts[i] for i in rows), self.dense[rows], self.tokens.take(rows))

    def drawn(self) -> Numbers:
        """A number for each text that looks random and stays: samples by it change little when others come or go."""
        digests = (hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8) for text in self.texts)
        return np.frombuffer(b"".join(digest.digest() for digest in digests), dtype=">u8").astype(np.uint64)

    def __len__(self) -> int:
        """How many texts."""
        return len(self.texts)

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

NOTHING_FITS = -1
"""Stands for a topic where there is none."""


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


@dataclass(frozen=True, slots=True, eq=False)
class LabelledTexts:
    """Questions of which people said what answers them: further examples of topics, and of what no topic answers.

    Attributes:
        texts: The questions; one that several topics answer is there once for each of them.
        topics: The topic of each, shape (n,); `NOTHING_FITS` where none answers it.
    """

    texts: Texts
    topics: Indices

    def take(self, rows: Indices) -> LabelledTexts:
        """Some of them, in the order of `rows`."""
        return LabelledTexts(self.texts.take(rows), self.topics[rows])

    def among(self, topics: Indices) -> LabelledTexts:
        """Those of some topics, which are called by their places from now on, and those that nothing answers.

        Args:
            topics: Ascending.
        """
        rows = np.flatnonzero(np.isin(self.topics, topics) | (self.topics == NOTHING_FITS))
        kept = self.take(rows)
        places = np.where(kept.topics == NOTHING_FITS, NOTHING_FITS, np.searchsorted(topics, kept.topics))
        return LabelledTexts(kept.texts, places)

    def __len__(self) -> int:
        """How many."""
        return len(self.topics)

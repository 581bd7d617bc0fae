"""A text as weighted character n-grams: what the model's vectors blur (numbers, names, exact words, typing errors)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

import mmh3
import numpy as np
import numpy.typing as npt
from opencc import OpenCC
from scipy import sparse

_BUCKETS = 2**18
SKETCH = 2048
"""Columns of the sketch that the learned matcher reads."""

# One fixed pseudo-random column and sign per bucket: a count sketch keeps inner products in expectation
# (Charikar, Chen, Farach-Colton 2002; Weinberger et al. 2009, "Feature Hashing").
_RANDOM = np.random.default_rng(20240501)
_COLUMNS = _RANDOM.integers(0, SKETCH, _BUCKETS)
_SIGNS = _RANDOM.choice(np.array([-1.0, 1.0], dtype=np.float32), _BUCKETS)


def fold(text: str) -> str:
    """NFKC, lower case, traditional characters to simplified ones: forms that never change what is asked."""
    return str(_simplifier().convert(unicodedata.normalize("NFKC", text).casefold()))


class CharacterView:
    """N-grams of 1 to 3 characters inside words, weighted by how rare they are in one knowledge base."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn the rarity of n-grams (smoothed inverse document frequency) from the wordings."""
        counts = _counts(texts)
        frequency = np.bincount(counts.indices, minlength=_BUCKETS)
        self._rarity = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
        self._known = frequency > 0

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """N-grams that the knowledge base has, shape (texts, buckets).

        A row's length is the share of the text's weight that the knowledge base knows: 1 for its own wordings and near
        0 for a question in another script, which then says nothing instead of something wrong.
        """
        rows = _counts(texts)
        weights = (1 + np.log(rows.data)) * self._rarity[rows.indices]
        lengths = np.maximum(_lengths(rows, weights), 1e-9).astype(np.float32)
        rows.data = weights / np.repeat(lengths, np.diff(rows.indptr)) * self._known[rows.indices]
        rows.eliminate_zeros()
        return rows


def sketch(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """The same rows in `SKETCH` columns."""
    values = rows.data * _SIGNS[rows.indices]
    # Without its own copy of `indptr` the sum over collisions would rewrite the rows that were handed in.
    small = sparse.csr_matrix((values, _COLUMNS[rows.indices], rows.indptr.copy()), shape=(rows.shape[0], SKETCH))
    small.sum_duplicates()
    return small


def coverage(rows: sparse.csr_matrix) -> npt.NDArray[np.float32]:
    """The share of each text's weight that the knowledge base knows, 0..1, shape (texts,)."""
    return _lengths(rows, rows.data).astype(np.float32)


def _lengths(rows: sparse.csr_matrix, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The length of each row where it has these values."""
    owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    return np.sqrt(np.bincount(owners, weights=np.square(values), minlength=rows.shape[0]))


def _counts(texts: Sequence[str]) -> sparse.csr_matrix:
    buckets = [[_bucket(gram) for gram in _grams(fold(text))] for text in texts]
    starts = np.cumsum([0, *(len(row) for row in buckets)])
    columns = np.fromiter(chain.from_iterable(buckets), dtype=np.int32, count=int(starts[-1]))
    rows = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(texts), _BUCKETS))
    rows.sum_duplicates()
    return rows


def _grams(text: str) -> Iterator[str]:
    """Runs of 1 to 3 characters inside words, a word's edges marked by spaces."""
    for word in text.split():
        edged = f" {word} "
        for size in (1, 2, 3):
            for start in range(len(edged) - size + 1):
                yield edged[start : start + size]


def _bucket(gram: str) -> int:
    # As scikit-learn's HashingVectorizer, whose import alone would take a second. What is learned from these buckets
    # is stored, so they may never change.
    return int(abs(mmh3.hash(gram)) % _BUCKETS)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")

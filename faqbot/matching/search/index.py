"""An immutable snapshot of one published version's wordings, and the search for candidates in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from faqbot.encoder.encoding import Encoding, Vector
from faqbot.encoder.stacked import Encodings, StackedEncodings, stacked
from faqbot.knowledge import Wording, match_key
from faqbot.matching.search.dense_rows import DenseRows, centre_of
from faqbot.matching.search.scoring import RawScores, mean_max_sims


@dataclass(frozen=True, slots=True)
class WordingScores:
    """The raw modes of a question against some wordings; each array has shape (len(rows),)."""

    rows: npt.NDArray[np.intp]
    dense: Vector
    sparse: Vector
    colbert: Vector

    def at(self, position: int) -> RawScores:
        """The three modes of the wording at a position of `rows`."""
        return RawScores(float(self.dense[position]), float(self.sparse[position]), float(self.colbert[position]))


class WordingIndex:
    """Every wording of a version with its vectors; never changed after it is built.

    Attributes:
        wordings: In the order of the rows.
        vectors: One encoding per wording.
        dense: The dense ones among them, to search in.
        lexical_norms: Shape (n,), for normalising the sparse mode.
    """

    def __init__(self, wordings: Sequence[Wording], encodings: Encodings) -> None:
        """Bind the vectors.

        Args:
            wordings: At least one.
            encodings: One per wording, all of one model.

        Raises:
            ValueError: They are not as many, or none.
        """
        if not wordings or len(wordings) != len(encodings):
            raise ValueError(
                f"`wordings` and `encodings` must be as many, at least one; got {len(wordings)}, {len(encodings)}."
            )
        self.wordings = tuple(wordings)
        self.vectors = stacked(encodings)
        topics = {wording.topic for wording in wordings}
        self.dense = DenseRows(self.vectors.dense, centre_of(self.vectors.dense, len(topics)))
        self._lexical, self.lexical_norms = _postings(self.vectors)
        self._by_key: dict[str, tuple[int, ...]] = {}
        for row, wording in enumerate(self.wordings):
            key = match_key(wording.text)
            self._by_key[key] = (*self._by_key.get(key, ()), row)

    def __len__(self) -> int:
        """Wordings in the index."""
        return len(self.wordings)

    def exact(self, text: str) -> Sequence[int]:
        """The rows whose wording equals the text after `match_key`."""
        return self._by_key.get(match_key(text), ())

    def lexical_overlaps(self, weights: Mapping[int, float]) -> Vector:
        """The sparse mode against every wording, shape (n,)."""
        overlaps = np.zeros(len(self), dtype=np.float32)
        for token, weight in weights.items():
            rows, own = self._having(token)
            overlaps[rows] += np.float32(weight) * own
        return overlaps

    def lexical_weights(self, row: int, tokens: Sequence[int]) -> dict[int, float]:
        """The weights that a wording gives to those of the tokens which it has."""
        found = {}
        for token in tokens:
            rows, own = self._having(token)
            at = np.searchsorted(rows, row)
            if at < len(rows) and rows[at] == row:
                found[token] = float(own[at])
        return found

    def _having(self, token: int) -> tuple[npt.NDArray[np.int32], Vector]:
        """The rows that have a token, ascending, and the weight each of them gives it."""
        if token >= self._lexical.shape[0]:
            return self._lexical.indices[:0], self._lexical.data[:0]
        span = slice(self._lexical.indptr[token], self._lexical.indptr[token + 1])
        return self._lexical.indices[span], self._lexical.data[span]

    def multi_vector(self, row: int) -> Vector:
        """A wording's token vectors, shape (tokens - 1, dimension), float32."""
        return self.vectors.tokens[row]

    def candidates(self, question: Encoding, limit: int) -> npt.NDArray[np.intp]:
        """The wordings nearest by dense product, united with those that share the heaviest tokens.

        Args:
            question: The question's encoding.
            limit: How many of each; of equal ones those that come first.

        Returns:
            Ascending row numbers, without repeats.
        """
        near = self.dense.nearest(question.dense, limit)
        overlaps = self.lexical_overlaps(question.lexical_weights)
        return np.union1d(near, _largest(overlaps, limit))

    def between(self, row: int, rows: npt.NDArray[np.intp]) -> Vector:
        """The dense mode of one wording against others, shape (len(rows),)."""
        return self.dense.products(self.dense.rows[row], rows)

    def score(self, question: Encoding, rows: npt.NDArray[np.intp]) -> WordingScores:
        """The three raw modes of the question against some wordings."""
        return WordingScores(
            rows=rows,
            dense=self.dense.products(question.dense, rows),
            sparse=self.lexical_overlaps(question.lexical_weights)[rows],
            colbert=mean_max_sims(question.multi_vector, *self.vectors.tokens.gather(rows)),
        )


def _largest(overlaps: Vector, limit: int) -> npt.NDArray[np.intp]:
    """The rows with the largest overlaps above 0, of equal ones the first."""
    rows = np.flatnonzero(overlaps)
    if limit < len(rows):
        bar = np.partition(overlaps[rows], len(rows) - limit)[len(rows) - limit]
        rows = rows[overlaps[rows] >= bar]
    return rows[np.argsort(-overlaps[rows], kind="stable")[:limit]]


def _postings(stack: StackedEncodings) -> tuple[sparse.csr_matrix, Vector]:
    """Per token the wordings that have it, shape (tokens, n), and the length of each wording's weights."""
    rows = np.repeat(np.arange(len(stack), dtype=np.int32), np.diff(stack.lexical_starts))
    ids, weights = stack.lexical_ids, stack.lexical_weights
    height = int(ids.max()) + 1 if len(ids) else 1
    squares = np.bincount(rows, weights=np.square(weights, dtype=np.float64), minlength=len(stack))
    postings = sparse.csr_matrix((weights, (ids, rows)), shape=(height, len(stack)))
    postings.sort_indices()
    return postings, np.sqrt(squares).astype(np.float32)

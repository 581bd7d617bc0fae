"""An immutable snapshot of one published version's wordings, and the search for candidates in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from faqbot.encoder.encoding import Encoding, Vector
from faqbot.knowledge import Wording, match_key
from faqbot.matching.scoring import Scores, dense_similarity, lexical_norm, mean_max_sims


@dataclass(frozen=True, slots=True)
class WordingScores:
    """The raw modes of a question against some wordings; each array has shape (len(rows),)."""

    rows: npt.NDArray[np.intp]
    dense: Vector
    sparse: Vector
    colbert: Vector

    def at(self, position: int) -> Scores:
        """The three modes of the wording at a position of `rows`."""
        return Scores(float(self.dense[position]), float(self.sparse[position]), float(self.colbert[position]))


class WordingIndex:
    """Every wording of a version with its vectors; never changed after it is built.

    Attributes:
        wordings: In the order of the rows.
        dense: Unit rows, shape (n, dimension), float32.
        lexical_norms: Shape (n,), for normalising the sparse mode.
    """

    def __init__(self, wordings: Sequence[Wording], encodings: Sequence[Encoding]) -> None:
        """Stack the vectors.

        Args:
            wordings: At least one.
            encodings: One per wording, all of one model.
        """
        if not wordings or len(wordings) != len(encodings):
            raise ValueError(
                f"`wordings` and `encodings` must be as many, at least one; got {len(wordings)}, {len(encodings)}."
            )
        self.wordings = tuple(wordings)
        self.dense: Vector = np.stack([e.dense for e in encodings]).astype(np.float32)
        # float16 halves the largest part of the index; its error of 5e-4 per component is averaged out in MeanMaxSim.
        self._tokens = np.concatenate([e.multi_vector for e in encodings]).astype(np.float16)
        lengths = np.array([len(e.multi_vector) for e in encodings])
        self._starts = np.concatenate(([0], np.cumsum(lengths)))
        self._lexical = _lexical_matrix([e.lexical_weights for e in encodings])
        self.lexical_norms: Vector = np.array([lexical_norm(e.lexical_weights) for e in encodings], dtype=np.float32)
        self._by_key: dict[str, list[int]] = {}
        for row, wording in enumerate(self.wordings):
            self._by_key.setdefault(match_key(wording.text), []).append(row)

    def __len__(self) -> int:
        """Wordings in the index."""
        return len(self.wordings)

    def exact(self, text: str) -> list[int]:
        """The rows whose wording equals the text after `match_key`."""
        return self._by_key.get(match_key(text), [])

    def lexical_overlaps(self, weights: Mapping[int, float]) -> Vector:
        """The sparse mode against every wording, shape (n,)."""
        known = [(token, weight) for token, weight in weights.items() if token < self._lexical.shape[0]]
        if not known:
            return np.zeros(len(self), dtype=np.float32)
        tokens, values = zip(*known, strict=True)
        return np.asarray(self._lexical[list(tokens)].T @ np.array(values, dtype=np.float32), dtype=np.float32)

    def lexical_weights(self, row: int, tokens: Sequence[int]) -> dict[int, float]:
        """The weights that a wording gives to those of the tokens which it has."""
        known = [token for token in tokens if token < self._lexical.shape[0]]
        weights = self._lexical[known][:, [row]].toarray().ravel() if known else []
        return {token: float(weight) for token, weight in zip(known, weights, strict=True) if weight > 0}

    def multi_vector(self, row: int) -> Vector:
        """A wording's token vectors, shape (tokens - 1, dimension), float32."""
        return np.asarray(self._tokens[self._starts[row] : self._starts[row + 1]], dtype=np.float32)

    def candidates(self, question: Encoding, limit: int) -> npt.NDArray[np.intp]:
        """The wordings nearest by dense product, united with those that share the heaviest tokens.

        Args:
            question: The question's encoding.
            limit: How many of each; all of them where the index is smaller.

        Returns:
            Ascending row numbers, without repeats.
        """
        near = _largest(dense_similarity(question.dense, self.dense), limit)
        overlaps = self.lexical_overlaps(question.lexical_weights)
        sharing = _largest(overlaps, limit)
        return np.union1d(near, sharing[overlaps[sharing] > 0])

    def score(self, question: Encoding, rows: npt.NDArray[np.intp]) -> WordingScores:
        """The three raw modes of the question against some wordings."""
        parts = [self._tokens[self._starts[row] : self._starts[row + 1]] for row in rows]
        starts = np.concatenate(([0], np.cumsum([len(part) for part in parts])))[:-1]
        return WordingScores(
            rows=rows,
            dense=dense_similarity(question.dense, self.dense[rows]),
            sparse=self.lexical_overlaps(question.lexical_weights)[rows],
            colbert=mean_max_sims(question.multi_vector, np.concatenate(parts), starts),
        )


def _largest(values: Vector, limit: int) -> npt.NDArray[np.intp]:
    if limit >= len(values):
        return np.arange(len(values))
    return np.argpartition(-values, limit)[:limit]


def _lexical_matrix(weights: Sequence[Mapping[int, float]]) -> sparse.csr_matrix:
    """Rows are tokens, columns wordings: a question then touches its own tokens' rows only."""
    tokens = np.fromiter((token for row in weights for token in row), dtype=np.int64)
    values = np.fromiter((value for row in weights for value in row.values()), dtype=np.float32)
    columns = np.repeat(np.arange(len(weights)), [len(row) for row in weights])
    height = int(tokens.max()) + 1 if len(tokens) else 1
    return sparse.csr_matrix((values, (tokens, columns)), shape=(height, len(weights)))

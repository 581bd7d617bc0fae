"""What speaks for two wordings of different topics asking the same, and how much.

Two entries that are one question in truth lie together with all their wordings: each wording of the one is about as
near to the other's as to its brothers. Two neighbours (member levels, member benefits) touch in one wording only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from faqbot.encoder.stacked import TokenVectors
from faqbot.matching.duplicates.differences import differ_in_one_part

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

# A logistic regression, printed by `python -m training.fit_duplicates`; `docs/duplicates.md` says on what.
WEIGHTS = {
    "margin": 17.9,
    "weaker_direction": -18.2,
    "least_matched": 13.3,
    "scatter": -30.2,
    "looseness": -29.7,
    "several": 3.8,
    "foreign": -0.6,
    "topics": 2.6,
    "replaced": -2.6,
}
INTERCEPT = -6.5
_LEAST = 2


class PairEvidence:
    """Reads what speaks for pairs of wordings off their vectors and those of their topics."""

    def __init__(
        self,
        texts: Sequence[str],
        vectors: Matrix,
        tokens: TokenVectors,
        topics: Indices,
        scripts: Indices,
        *,
        dense_floor: float,
        colbert_floor: float,
    ) -> None:
        """Bind the wordings.

        Args:
            texts: The wordings.
            vectors: Unit rows, shape (n, dimension).
            tokens: Their multi-vectors.
            topics: Per wording its topic, shape (n,).
            scripts: Per wording its script, as a number, same shape.
            dense_floor: Similarity of unrelated texts, which counts as 0.
            colbert_floor: The same of ColBERT.
        """
        self._texts = texts
        self._vectors = vectors
        self._tokens = tokens
        self._topics = topics
        self._scripts = scripts
        self._dense_floor = dense_floor
        self._colbert_floor = colbert_floor
        order = np.argsort(topics, kind="stable")
        starts = np.flatnonzero(np.diff(topics[order], prepend=-1))
        self._members = {int(topics[rows[0]]): rows for rows in np.split(order, starts[1:])}
        self._cohesion: dict[int, float] = {}

    def of(self, a: Indices, b: Indices, margins: Matrix) -> Matrix:
        """What speaks for each pair.

        Args:
            a: Rows, shape (pairs,).
            b: Rows of other topics, same shape.
            margins: By how much each pair's similarity stands out among its neighbours, shape (pairs,).

        Returns:
            Shape (pairs, len(WEIGHTS)), in the order of `WEIGHTS`: the margin; ColBERT similarity in the weaker
            direction; similarity of the two tokens in each text that the other matches least; by how much all wordings
            of their topics are further apart than the nearest two; by how much they are further apart than
            wordings of one topic, 0 where both have one; 1 where one has several; 1 where the two wordings are of
            different scripts; log10 of the number of topics (the more there are, the nearer the neighbours come);
            1 where one part of an equal sentence is replaced.
        """
        rows = np.empty((len(a), len(WEIGHTS)), dtype=np.float32)
        topics: dict[tuple[int, int], tuple[float, float, float]] = {}
        size = math.log10(len(self._members))
        for place, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
            pair = int(self._topics[i]), int(self._topics[j])
            if pair not in topics:
                topics[pair] = self._of_topics(*pair)
            is_foreign = self._scripts[i] != self._scripts[j]
            is_replaced = differ_in_one_part(self._texts[i], self._texts[j])
            rows[place] = (margins[place], *self._of_tokens(i, j), *topics[pair], is_foreign, size, is_replaced)
        return rows

    def _of_tokens(self, i: int, j: int) -> tuple[float, float]:
        products = np.asarray(self._tokens[i], dtype=np.float32) @ np.asarray(self._tokens[j], dtype=np.float32).T
        there, back = products.max(axis=1), products.max(axis=0)
        least = np.concatenate([np.sort(side)[:_LEAST] for side in (there, back)])
        values = np.array([min(there.mean(), back.mean()), least.mean()]) - self._colbert_floor
        weaker, least_matched = values / (1 - self._colbert_floor)
        return float(weaker), float(least_matched)

    def _of_topics(self, one: int, other: int) -> tuple[float, float, float]:
        a, b = self._members[one], self._members[other]
        near = self._similar(a, b)
        across = float(near.max(axis=1).mean() + near.max(axis=0).mean()) / 2
        within = [self._within(topic) for topic, rows in ((one, a), (other, b)) if len(rows) > 1]
        looseness = sum(within) / len(within) - across if within else 0.0
        return float(near.max()) - across, looseness, float(bool(within))

    def _within(self, topic: int) -> float:
        """How near a topic's wordings come to the nearest other one of theirs, on average."""
        if topic not in self._cohesion:
            near = self._similar(self._members[topic], self._members[topic])
            np.fill_diagonal(near, -np.inf)
            self._cohesion[topic] = float(near.max(axis=1).mean())
        return self._cohesion[topic]

    def _similar(self, a: Sequence[int] | Indices, b: Sequence[int] | Indices) -> Matrix:
        products = self._vectors[a] @ self._vectors[b].T
        return np.asarray((products - self._dense_floor) / (1 - self._dense_floor), dtype=np.float32)


def probability(evidence: Matrix) -> npt.NDArray[np.float64]:
    """How probable it is that a pair asks the same, 0..1.

    Args:
        evidence: Of `PairEvidence.of`, shape (pairs, features).
    """
    logits = evidence @ np.array(list(WEIGHTS.values())) + INTERCEPT
    return np.asarray(special.expit(logits), dtype=np.float64)

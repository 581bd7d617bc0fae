"""Wordings of different topics that ask the same.

How near is near enough depends on the neighbourhood: in a knowledge base of a hundred appliances the questions about
installing each lie closer together than two ways to ask the same elsewhere. So what counts first is how far a pair
stands out among its neighbours, in dense and in ColBERT similarity (margin-based mining: Artetxe and Schwenk 2019);
`faqbot.matching.duplicates.pair_evidence` weighs that together with what else speaks for the pair.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding
from faqbot.knowledge import match_key
from faqbot.matching.duplicates.differences import ask_different_things
from faqbot.matching.duplicates.pair_evidence import PairEvidence, probability
from faqbot.matching.search.dense_rows import unit_rows
from faqbot.matching.search.scoring import measure_scale
from faqbot.matching.search.texts import Texts

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

_BLOCK = 512
_NEAREST = 48
_NEIGHBOURS = 10
# A duplicate may have twins of its own, which must not count as the neighbourhood.
_TWINS = 3
# Similarity of neighbours in an ordinary knowledge base, for one that has too few topics to tell.
_TYPICAL = 0.4
# A pair that stands out by less is not looked at any further, which spares most of the work; neither does the fit.
_FAR = 0.05
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two wordings of different topics that ask the same.

    Attributes:
        a: Row of the one wording.
        b: Row of the other, above `a`.
        score: Strength of the belief, 0..1; 1 for equal texts.
    """

    a: int
    b: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """The nearest wording of each of the nearest other topics, per wording.

    Attributes:
        rows: Shape (n, neighbours), -1 where there are no more.
        dense: Their similarities, 0 for unrelated texts and 1 for equal ones, NaN where there are no more.
    """

    rows: Indices
    dense: Matrix


class NearQuestions:
    """Compares every wording with every other topic's, in blocks."""

    def __init__(
        self,
        known: Texts,
        topics: Indices,
        unrelated: Sequence[Encoding],
        metric: Matrix | None = None,
    ) -> None:
        """Map the vectors.

        Args:
            known: The wordings, at least one.
            topics: Per wording its topic, shape (n,).
            unrelated: Of `faqbot.encoder.unrelated.UNRELATED_TEXTS`: where similarity begins.
            metric: Linear map under which wordings of one entry lie close; None: as they lie.
        """
        self._texts = known.texts
        self._topics = topics
        self._tokens = known.tokens
        self._scripts = np.array([bool(_CJK.search(text)) for text in known.texts], dtype=np.intp)
        self._vectors = _mapped(known.dense, metric)
        far = _mapped(np.stack([e.dense for e in unrelated]), metric)
        products = far @ far.T
        self._dense_floor = float(products[~np.eye(len(far), dtype=bool)].mean())
        self._colbert_floor = measure_scale(unrelated).colbert

    def pairs(self, threshold: float, only: npt.NDArray[np.bool_] | None = None) -> list[NearPair]:
        """The pairs whose score reaches the threshold, the strongest first.

        Args:
            threshold: 0..1.
            only: Which wordings one of the two has to be among; None: all.
        """
        a, b, features = self.evidence(only)
        found = [
            NearPair(int(i), int(j), float(score))
            for i, j, score in zip(a, b, probability(features), strict=True)
            if score >= threshold
        ]
        equal = self._equal(only)
        known = {(pair.a, pair.b) for pair in equal}
        return sorted(
            [*equal, *(pair for pair in found if (pair.a, pair.b) not in known)],
            key=lambda pair: (-pair.score, pair.a, pair.b),
        )

    def evidence(self, only: npt.NDArray[np.bool_] | None = None) -> tuple[Indices, Indices, Matrix]:
        """The candidates that may ask the same: two columns of rows, and what speaks for each pair.

        Args:
            only: Which wordings one of the two has to be among; None: all.

        Returns:
            Rows, rows, and evidence of shape (pairs, features), see `PairEvidence.of`.
        """
        a, b, both = self.candidates(only)
        margins = both.mean(axis=1)
        kept = [
            place
            for place in np.flatnonzero(margins >= _FAR)
            if not ask_different_things(self._texts[a[place]], self._texts[b[place]])
        ]
        a, b, margins = a[kept], b[kept], margins[kept]
        source = PairEvidence(
            self._texts,
            self._vectors,
            self._tokens,
            self._topics,
            self._scripts,
            dense_floor=self._dense_floor,
            colbert_floor=self._colbert_floor,
        )
        return a, b, source.of(a, b, margins)

    def candidates(self, only: npt.NDArray[np.bool_] | None = None) -> tuple[Indices, Indices, Matrix]:
        """Neighbouring wordings: two columns of rows, and by how much their dense and ColBERT similarity stand out.

        Args:
            only: Which wordings one of the two has to be among; None: all.

        Returns:
            Rows, rows, and margins of shape (pairs, 2).
        """
        near = [self._neighbourhood(script) for script in (0, 1)]
        colbert = [self._colbert(part) for part in near]
        levels = [np.stack([_level(n.dense), _level(c)], axis=1) for n, c in zip(near, colbert, strict=True)]
        found: dict[tuple[int, int], tuple[float, float]] = {}
        for part, similarities in zip(near, colbert, strict=True):
            for row, place in zip(*np.nonzero(part.rows >= 0), strict=True):
                other = part.rows[row, place]
                if only is None or only[row] or only[other]:
                    pair = (min(row, other), max(row, other))
                    found[pair] = float(part.dense[row, place]), float(similarities[row, place])
        a, b = (np.array([pair[side] for pair in found], dtype=np.intp) for side in (0, 1))
        values = np.array(list(found.values()), dtype=np.float32).reshape(-1, 2)
        # How near the others of the other's script come: across languages everything is further apart.
        around = np.stack(levels)
        level = (around[self._scripts[b], a] + around[self._scripts[a], b]) / 2
        return a, b, np.asarray(values - level, dtype=np.float32)

    def _neighbourhood(self, script: int) -> Neighbourhood:
        columns = np.flatnonzero(self._scripts == script)
        rows = np.full((len(self._texts), _NEIGHBOURS), -1, dtype=np.intp)
        dense = np.full(rows.shape, np.nan, dtype=np.float32)
        if not len(columns):
            return Neighbourhood(rows, dense)
        for start in range(0, len(rows), _BLOCK):
            products = self._vectors[start : start + _BLOCK] @ self._vectors[columns].T
            products[self._topics[start : start + _BLOCK, None] == self._topics[columns]] = -np.inf
            width = min(_NEAREST, len(columns))
            places = np.argpartition(-products, width - 1, axis=1)[:, :width]
            values = np.take_along_axis(products, places, axis=1)
            order = np.argsort(-values, axis=1)
            nearest = columns[np.take_along_axis(places, order, axis=1)]
            values = np.take_along_axis(values, order, axis=1)
            for offset in range(len(products)):
                _, first = np.unique(self._topics[nearest[offset]], return_index=True)
                kept = np.sort(first)
                kept = kept[np.isfinite(values[offset, kept])][:_NEIGHBOURS]
                rows[start + offset, : len(kept)] = nearest[offset, kept]
                dense[start + offset, : len(kept)] = values[offset, kept]
        return Neighbourhood(rows, (dense - self._dense_floor) / (1 - self._dense_floor))

    def _colbert(self, near: Neighbourhood) -> Matrix:
        """ColBERT similarity in both directions, their mean, on the scale of `Neighbourhood.dense`."""
        found = np.full(near.rows.shape, np.nan, dtype=np.float32)
        for row, others in enumerate(near.rows):
            others = others[others >= 0]  # noqa: PLW2901
            if len(others):
                found[row, : len(others)] = _both_ways(self._tokens[row], *self._tokens.gather(others))
        return (found - self._colbert_floor) / (1 - self._colbert_floor)

    def _equal(self, only: npt.NDArray[np.bool_] | None) -> list[NearPair]:
        rows: dict[str, list[int]] = {}
        for row, text in enumerate(self._texts):
            rows.setdefault(match_key(text), []).append(row)
        return [
            NearPair(a, b, 1.0)
            for same in rows.values()
            for place, a in enumerate(same)
            for b in same[place + 1 :]
            if self._topics[a] != self._topics[b] and (only is None or only[a] or only[b])
        ]


def _mapped(dense: Matrix, metric: Matrix | None) -> Matrix:
    rows = np.asarray(dense, dtype=np.float32)
    return rows if metric is None else unit_rows(rows @ metric)


def _level(similarities: Matrix) -> Matrix:
    """How near the neighbours behind the twins come, on average; a constant stands in for those that are not there."""
    behind = similarities[:, _TWINS:]
    return np.asarray(np.where(np.isnan(behind), _TYPICAL, behind).mean(axis=1), dtype=np.float32)


def _both_ways(tokens: Matrix, stacked: npt.NDArray[np.floating], starts: Indices) -> Matrix:
    lengths = np.diff(starts, append=len(stacked))
    products = np.asarray(stacked, dtype=np.float32) @ tokens.T
    there = np.maximum.reduceat(products, starts, axis=0).mean(axis=1)
    back = np.add.reduceat(products.max(axis=1), starts) / lengths
    return np.asarray((there + back) / 2, dtype=np.float32)

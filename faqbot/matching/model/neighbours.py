"""What a question is near to: its likeness to texts, and the questions among these that people labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from faqbot.knowledge import match_key
from faqbot.matching.search.scoring import mean_max_sims
from faqbot.matching.search.texts import LabelledTexts, Texts

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

# Two of three characters alike is what texts about the same thing share anyway.
_ALIKE = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """How near questions are to the nearest text of each candidate; each has shape (questions, candidates).

    Attributes:
        dense: The largest cosine.
        colbert: ColBERT similarity to the text that has it.
        spelling: How nearly that is the same letter by letter, 0..1.
    """

    dense: Matrix
    colbert: Matrix
    spelling: Matrix

    def or_nearer(self, other: Likeness) -> Likeness:
        """The larger value of either."""
        return Likeness(
            np.maximum(self.dense, other.dense),
            np.maximum(self.colbert, other.colbert),
            np.maximum(self.spelling, other.spelling),
        )

    def beside(self, others: Likeness) -> Likeness:
        """How much nearer the only candidate is than the nearest of others; the spelling stays."""
        return Likeness(
            self.dense - others.dense.max(axis=1, keepdims=True),
            self.colbert - others.colbert.max(axis=1, keepdims=True),
            self.spelling,
        )


class Groups:
    """Rows by the group that they are in; every group, 0..count-1, has one.

    Attributes:
        sizes: Rows per group.
    """

    def __init__(self, groups: Indices) -> None:
        """Bind the group of each row."""
        self._order = np.argsort(groups, kind="stable")
        self.sizes = np.bincount(groups)
        self._starts = np.concatenate(([0], np.cumsum(self.sizes)[:-1]))

    def of(self, group: int | np.integer) -> Indices:
        """The rows of a group."""
        return self._order[self._starts[group] : self._starts[group] + self.sizes[group]]

    def best(self, similarities: Matrix) -> Matrix:
        """Per group the largest similarity to one of its rows, shape (questions, groups)."""
        return np.maximum.reduceat(similarities[:, self._order], self._starts, axis=1)

    def log_odds(self, group: int) -> float:
        """Of a row being in this group."""
        return float(np.log(self.sizes[group] / (self.sizes.sum() - self.sizes[group])))


class LabelledNeighbours:
    """The labelled questions of one knowledge base. Immutable, so threads may share it."""

    def __init__(self, labelled: LabelledTexts, directions: Matrix) -> None:
        """Bind them to their directions.

        Args:
            labelled: At least one.
            directions: Unit rows as seen from the centre, shape (n, dimension).
        """
        self._texts = labelled.texts
        self._directions = directions
        self._keys = [match_key(text) for text in labelled.texts.texts]
        self._of: dict[int, Indices] = {
            int(topic): np.flatnonzero(labelled.topics == topic) for topic in np.unique(labelled.topics)
        }

    def cosines(self, directions: Matrix) -> Matrix:
        """Between questions, as seen from the centre, and the labelled ones, shape (questions, n)."""
        return np.asarray(directions @ self._directions.T)

    def of(self, topic: int) -> Indices:
        """The rows of a topic, or of `NOTHING_FITS`."""
        return self._of.get(topic, np.zeros(0, dtype=np.intp))

    def text(self, row: int) -> str:
        """A labelled question."""
        return self._texts.texts[row]

    def likeness(self, asked: Texts, cosines: Matrix, topics: Indices) -> Likeness:
        """How near questions are to the nearest labelled question of some topics.

        Args:
            asked: The questions.
            cosines: Of `cosines` for them.
            topics: Shape (questions, candidates); may be `NOTHING_FITS`.

        Returns:
            Where a topic has no labelled question, minus infinity, and 0 for the spelling.
        """
        dense = np.full(topics.shape, -np.inf, dtype=np.float32)
        colbert, spelling = dense.copy(), np.zeros(topics.shape, dtype=np.float32)
        for question, row in enumerate(topics):
            places = [place for place, topic in enumerate(row) if int(topic) in self._of]
            if not places:
                continue
            rows = [self._of[int(topic)] for topic in row[places]]
            nearest = np.array([own[cosines[question, own].argmax()] for own in rows])
            key = match_key(asked.texts[question])
            dense[question, places] = cosines[question, nearest]
            colbert[question, places] = mean_max_sims(asked.tokens[question], *self._texts.tokens.gather(nearest))
            spelling[question, places] = [alike(key, self._keys[one]) for one in nearest]
        return Likeness(dense, colbert, spelling)


def alike(first: str, second: str) -> float:
    """How nearly two texts are the same letter by letter, 0..1: 1 minus their edit distance over the longer's length.

    (Levenshtein 1966.) What lies below 0.7 counts as 0, the rest is spread over 0..1.
    """
    similarity = Levenshtein.normalized_similarity(first, second, score_cutoff=_ALIKE)
    return max(0.0, (similarity - _ALIKE) / (1.0 - _ALIKE))

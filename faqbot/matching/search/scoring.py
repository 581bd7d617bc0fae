"""The three modes' similarities, as BGE-M3 defines them, and their weighted sum.

Raw similarities equal `BGEM3FlagModel.compute_score`: dense is the inner product of unit vectors, sparse the sum
over shared tokens of weight times weight, ColBERT the mean over the first text's tokens of the best inner product
with a token of the second (MeanMaxSim; Chen et al. 2024, "BGE M3-Embedding", section 3.2). ColBERT is not symmetric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numkong
import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding, Vector

Mode = str
MODES: tuple[Mode, ...] = ("dense", "sparse", "colbert", "hybrid")


@dataclass(frozen=True, slots=True)
class RawScores:
    """The three modes of one pair of texts as the model defines them.

    Attributes:
        dense: -1..1.
        sparse: 0 or more, without an upper bound.
        colbert: About -1..1.
    """

    dense: float
    sparse: float
    colbert: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The three modes of one pair of texts, each 0..1: 0 for unrelated texts and 1 for equal ones."""

    dense: float
    sparse: float
    colbert: float


@dataclass(frozen=True, slots=True)
class ModeWeights:
    """How much each mode counts in the hybrid score; only their proportions matter.

    The default is the proportion that BGE-M3's own documentation shows: 0.4, 0.2, 0.4.
    """

    dense: float = 0.4
    sparse: float = 0.2
    colbert: float = 0.4

    def combine(self, scores: Scores | RawScores) -> float:
        """The weighted sum divided by the sum of weights: on the scale of the scores."""
        total = self.dense + self.sparse + self.colbert
        return (self.dense * scores.dense + self.sparse * scores.sparse + self.colbert * scores.colbert) / total


def lexical_overlap(a: Mapping[int, float], b: Mapping[int, float]) -> float:
    """Sum over shared tokens of the product of their weights; >= 0, without an upper bound."""
    if len(b) < len(a):
        a, b = b, a
    return float(sum(weight * b[token] for token, weight in a.items() if token in b))


def lexical_norm(weights: Mapping[int, float]) -> float:
    """The square root of a text's overlap with itself; 0 for a text without tokens."""
    return float(np.sqrt(sum(weight * weight for weight in weights.values())))


def mean_max_sim(question: Vector, wording: Vector) -> float:
    """The mean over the question's tokens of the best inner product with a token of the wording, about -1..1.

    Args:
        question: Unit rows, shape (question tokens, dimension).
        wording: Unit rows, shape (wording tokens, dimension).
    """
    return float(mean_max_sims(question, wording, np.array([0]))[0])


def mean_max_sims(question: Vector, stacked: npt.NDArray[np.floating], starts: npt.NDArray[np.intp]) -> Vector:
    """`mean_max_sim` of one question against many wordings, without padding.

    Args:
        question: Shape (question tokens, dimension), float32.
        stacked: The wordings' rows one after the other, shape (all tokens, dimension), float32 or float16; no wording
            is without rows.
        starts: The row at which each wording begins, ascending, shape (n,).

    Returns:
        Shape (n,), float32.
    """
    if stacked.dtype == np.float16:
        # Several times faster than to widen the rows first; rounding the question moves a product by 5e-4 at most.
        products = np.asarray(numkong.cdist(question.astype(np.float16), stacked, metric="dot"))
    else:
        products = question @ stacked.T
    return np.asarray(np.maximum.reduceat(products, starts, axis=1).mean(axis=0), dtype=np.float32)


def raw_scores(a: Encoding, b: Encoding) -> RawScores:
    """The three modes of two texts exactly as the model defines them."""
    return RawScores(
        dense=float(a.dense @ b.dense),
        sparse=lexical_overlap(a.lexical_weights, b.lexical_weights),
        colbert=mean_max_sim(a.multi_vector, b.multi_vector),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a model's similarities of unrelated texts lie, so that 0 can mean 'nothing in common'.

    Contrastively trained models crowd their cosines near 1: unrelated sentences reach .75 with one model and .35 with
    another. A score of ours is 0 at that background and 1 for identical texts, whichever the model.

    Attributes:
        dense: Mean dense similarity of unrelated texts, below 1.
        colbert: Mean ColBERT similarity of unrelated texts, below 1.
    """

    dense: float = 0.0
    colbert: float = 0.0

    def normalise(self, raw: RawScores, question_norm: float, wording_norm: float) -> Scores:
        """Each mode to 0..1; sparse becomes the cosine of the two weight vectors."""
        norms = question_norm * wording_norm
        return Scores(
            dense=_clipped((raw.dense - self.dense) / (1 - self.dense)),
            sparse=_clipped(raw.sparse / norms) if norms > 0 else 0.0,
            colbert=_clipped((raw.colbert - self.colbert) / (1 - self.colbert)),
        )


def measure_scale(unrelated: Sequence[Encoding]) -> Scale:
    """The mean similarity over all ordered pairs of texts that have nothing in common.

    Args:
        unrelated: At least two encodings.
    """
    pairs = [(a, b) for i, a in enumerate(unrelated) for j, b in enumerate(unrelated) if i != j]
    dense = float(np.mean([a.dense @ b.dense for a, b in pairs]))
    colbert = float(np.mean([mean_max_sim(a.multi_vector, b.multi_vector) for a, b in pairs]))
    return Scale(dense=min(dense, 0.99), colbert=min(colbert, 0.99))


def _clipped(value: float) -> float:
    return float(min(1.0, max(0.0, value)))

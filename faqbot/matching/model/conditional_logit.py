"""From evidence to probabilities: a conditional logit over the candidate topics and "none of them".

P(topic i | question) = exp(w . x_i) / (exp(v . z) + sum_j exp(w . x_j)), McFadden 1974, "Conditional logit analysis".
One model gives coherent confidences: they add up to at most 1, near-identical topics share theirs, and the share of
questions without an answer enters as a shift of the "none" term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from faqbot.matching.model.evidence import Evidence
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, STORED_NAMES

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

_ALWAYS = QUESTION_FEATURES.column("always")
_OF_DECOYS = {feature.name for feature in QUESTION_FEATURES if feature.of_decoys}


@dataclass(frozen=True, slots=True, eq=False)
class ConditionalLogit:
    """The weights.

    Attributes:
        topic: Per feature of `CANDIDATE_FEATURES`.
        none: Per feature of `QUESTION_FEATURES`; log-odds that nothing fits.
    """

    topic: Vector
    none: Vector

    def logits(self, evidence: Evidence) -> Matrix:
        """Log-odds of each candidate and, in the last column, of "none"; shape (questions, candidates + 1)."""
        topics = evidence.candidates.astype(np.float64) @ self.topic
        none = evidence.questions.astype(np.float64) @ self.none
        return np.concatenate([topics, none[:, None]], axis=1)

    def shifted(self, none: float) -> ConditionalLogit:
        """The same with log-odds added to "none"."""
        return ConditionalLogit(self.topic, self.none + none * _ALWAYS)

    def scaled(self, factor: float) -> ConditionalLogit:
        """Sharper (above 1) or duller beliefs."""
        return ConditionalLogit(self.topic * factor, self.none * factor)

    def stacked(self) -> Vector:
        """All weights, in the order of `STORED_NAMES`."""
        return np.concatenate([self.topic, self.none])

    @classmethod
    def from_stacked(cls, weights: Vector, names: Sequence[str] = STORED_NAMES) -> ConditionalLogit:
        """The inverse of `stacked`.

        Args:
            weights: Shape (len(names),).
            names: What they were stored as, in any order.

        Raises:
            ValueError: They are weights of other evidence.
        """
        by_name = dict(zip(names, weights.tolist(), strict=True))
        # Release 0.1.0 knew no question that nothing fits, so what speaks of these counts for nothing.
        if by_name.keys() ^ STORED_NAMES not in (set(), _OF_DECOYS):
            raise ValueError("These are weights of other evidence than is collected now.")
        in_order = np.array([by_name.get(name, 0.0) for name in STORED_NAMES])
        return cls(*np.split(in_order, [len(CANDIDATE_FEATURES)]))


def probabilities(logits: Matrix) -> Matrix:
    """Softmax per row."""
    return np.asarray(special.softmax(logits, axis=1))


def best_of(logits: Matrix) -> tuple[npt.NDArray[np.intp], Vector]:
    """The likeliest candidate's place and its probability per row of `ConditionalLogit.logits`."""
    beliefs = probabilities(logits)[:, :-1]
    places = beliefs.argmax(axis=1)
    return places, beliefs[np.arange(len(places)), places]


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Questions whose right topic is known.

    Attributes:
        evidence: Of n questions.
        right: Which candidates are right, bool, shape (n, candidates); a row without any means "none".
        weights: How much each counts, shape (n,).
    """

    evidence: Evidence
    right: npt.NDArray[np.bool_]
    weights: Vector

    def target(self) -> npt.NDArray[np.bool_]:
        """`right` with the column of "none"."""
        return np.concatenate([self.right, ~self.right.any(axis=1, keepdims=True)], axis=1)


def fit_conditional_logit(
    parts: Sequence[Examples],
    towards: ConditionalLogit,
    strength: float | Vector,
    held: npt.NDArray[np.bool_] | None = None,
) -> ConditionalLogit:
    """Maximum a posteriori weights under a normal prior, of the signs that the table of features demands.

    Args:
        parts: Examples; parts may differ in their number of candidates.
        towards: The prior's mean, also the start.
        strength: The prior's precision, one over the variance: one for all weights, or one each.
        held: The weights that stay where they are, in the order of `STORED_NAMES`; None: all may move.
    """
    features = (*CANDIDATE_FEATURES, *QUESTION_FEATURES)
    centre = towards.stacked()
    moving = np.ones(len(features), dtype=bool) if held is None else ~held
    bounds = [(0.0 if f.only_for else None, None) for f, moves in zip(features, moving, strict=True) if moves]
    targets = [part.target() for part in parts]
    precision = np.broadcast_to(np.asarray(strength, dtype=np.float64), len(features))

    def complete(moved: Vector) -> Vector:
        weights = centre.copy()
        weights[moving] = moved
        return weights

    # Over nothing but what moves: with the others held by a stiff prior it ends long before the minimum, elsewhere
    # with every change of the order.
    def loss(moved: Vector) -> tuple[float, Vector]:
        weights = complete(moved)
        model = ConditionalLogit.from_stacked(weights)
        away = weights - centre
        value = 0.5 * float((precision * away * away).sum())
        gradient = np.array(precision * away, dtype=np.float64)
        for part, target in zip(parts, targets, strict=True):
            p = probabilities(model.logits(part.evidence))
            # Several right candidates (multiple gold topics) share the target in proportion to the model's belief.
            hit = np.maximum((p * target).sum(axis=1), 1e-300)
            value -= float(part.weights @ np.log(hit))
            error = (p - p * target / hit[:, None]) * part.weights[:, None]
            for_topics = np.einsum("qk,qkf->f", error[:, :-1], part.evidence.candidates)
            gradient += np.concatenate([for_topics, error[:, -1] @ part.evidence.questions])
        return value, gradient[moving]

    from scipy import optimize  # Needed at publish only, and a third of a second to import.

    start = centre[moving]
    best = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return ConditionalLogit.from_stacked(complete(best.x))


def fit_sharpness(
    parts: Sequence[Examples], model: ConditionalLogit, spread: tuple[float, float]
) -> tuple[float, float]:
    """Factor and shift of "none" that make a model's beliefs fit examples best.

    Args:
        parts: Examples.
        model: Scaled by the factor first, shifted then.
        spread: Standard deviations of the normal prior of the factor's logarithm, around 0, and of the shift, around 0.

    Returns:
        The factor, 0.2..5, and the shift in log-odds.
    """
    logits = [model.logits(part.evidence) for part in parts]
    targets = [part.target() for part in parts]

    def loss(both: Vector) -> float:
        value = 0.5 * (both[0] / spread[0]) ** 2 + 0.5 * (both[1] / spread[1]) ** 2
        for part, rows, target in zip(parts, logits, targets, strict=True):
            moved = rows * np.exp(both[0])
            moved[:, -1] += both[1]
            hit = np.maximum((probabilities(moved) * target).sum(axis=1), 1e-300)
            value -= float(part.weights @ np.log(hit))
        return float(value)

    from scipy import optimize  # As above.

    best = optimize.minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-1.6, 1.6), (-8.0, 8.0)])
    return float(np.exp(best.x[0])), float(best.x[1])

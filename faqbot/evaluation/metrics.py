"""How good a ranking and its confidence are. Pure functions over outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from faqbot.matching.model.thresholds import Reliability, reliability_table

_ECE_BINS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method made of one question.

    Attributes:
        rank: Place of the first right entry, from 1; None where none was found or none exists.
        confidence: Of the best entry; any scale that grows with certainty, 0..1 where `ece` is wanted.
        answerable: Whether the knowledge base holds an answer.
        answered: Whether the method answered directly; None where it takes no decision.
    """

    rank: int | None
    confidence: float
    answerable: bool
    answered: bool | None = None

    @property
    def right(self) -> bool:
        """Whether a direct answer would have been right."""
        return self.rank == 1


@dataclass(frozen=True, slots=True)
class Metrics:
    """One row of the evaluation table; None where a figure does not apply.

    Attributes:
        hit_at_1: Share of answerable questions whose best entry is right.
        hit_at_5: Share whose first five hold a right one.
        mrr_at_10: Mean of 1 / rank, 0 beyond the tenth.
        auroc: Chance that an answerable question is more confident than an unanswerable one.
        coverage_at_90: Largest share of all questions that can be answered with 90 % of them right; likewise 95, 98.
        answered: Share of all questions that were answered directly.
        answered_precision: Share of those answers that were right.
        ece: Expected calibration error of the confidence, ten bins of equal count.
    """

    hit_at_1: float | None
    hit_at_5: float | None
    mrr_at_10: float | None
    auroc: float | None
    coverage_at_90: float
    coverage_at_95: float
    coverage_at_98: float
    answered: float | None
    answered_precision: float | None
    ece: float | None

    def to_json(self) -> dict[str, float | None]:
        """Rounded to four places."""
        return {name: None if value is None else round(value, 4) for name, value in asdict(self).items()}


def measure(outcomes: Sequence[Outcome], *, probabilities: bool) -> Metrics:
    """All figures of one method.

    Args:
        outcomes: One per question, at least one.
        probabilities: Whether the confidences claim to be probabilities, so that `ece` applies.
    """
    ranks = [outcome.rank for outcome in outcomes if outcome.answerable]
    right = np.array([outcome.right for outcome in outcomes])
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=float)
    answerable = np.array([outcome.answerable for outcome in outcomes])
    decided = [outcome for outcome in outcomes if outcome.answered is not None]
    answered = [outcome for outcome in decided if outcome.answered]
    return Metrics(
        hit_at_1=_share(ranks, 1),
        hit_at_5=_share(ranks, 5),
        mrr_at_10=float(np.mean([1 / r if r and r <= 10 else 0.0 for r in ranks])) if ranks else None,
        auroc=auroc(confidence[answerable], confidence[~answerable]),
        coverage_at_90=coverage_at(confidence, right, 0.90),
        coverage_at_95=coverage_at(confidence, right, 0.95),
        coverage_at_98=coverage_at(confidence, right, 0.98),
        answered=len(answered) / len(outcomes) if decided else None,
        answered_precision=float(np.mean([outcome.right for outcome in answered])) if answered else None,
        ece=ece(confidence, right) if probabilities else None,
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidences can be believed, as measured on questions that took no part in any fit.

    Attributes:
        brier: Mean squared difference between the confidence and 1 where right, 0 where not (Brier 1950).
        reliability: Ten bins of equal count, ascending; fewer where there are fewer questions.
    """

    brier: float
    reliability: tuple[Reliability, ...]


def calibration_of(outcomes: Sequence[Outcome]) -> Calibration:
    """Hold the confidences of a method against what was right; at least one outcome."""
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=float)
    right = np.array([outcome.right for outcome in outcomes], dtype=float)
    table = reliability_table(confidence, right, np.ones(len(right)), _ECE_BINS)
    return Calibration(float(np.mean((confidence - right) ** 2)), table)


def auroc(positive: np.ndarray, negative: np.ndarray) -> float | None:
    """Area under the ROC curve by the rank-sum statistic, ties counting half; None without both kinds."""
    if not len(positive) or not len(negative):
        return None
    values = np.concatenate([positive, negative])
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_ranks = np.bincount(inverse, weights=ranks) / counts
    total = mean_ranks[inverse][: len(positive)].sum()
    smallest = len(positive) * (len(positive) + 1) / 2
    return float((total - smallest) / (len(positive) * len(negative)))


def coverage_at(confidence: np.ndarray, right: np.ndarray, precision: float) -> float:
    """The largest share of questions above one threshold of which at least `precision` are right.

    Questions of equal confidence are answered together or not at all.
    """
    order = np.argsort(-confidence, kind="stable")
    sorted_confidence = confidence[order]
    counts = np.arange(1, len(order) + 1)
    precise = np.cumsum(right[order]) / counts >= precision - 1e-12
    closes = np.append(sorted_confidence[1:] < sorted_confidence[:-1], True)
    good = counts[precise & closes]
    return float(good.max() / len(order)) if len(good) else 0.0


def ece(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: mean over ten bins of equal count of |mean confidence - share right|."""
    order = np.argsort(confidence, kind="stable")
    total = 0.0
    for part in np.array_split(order, _ECE_BINS):
        if len(part):
            total += abs(float(confidence[part].sum() - right[part].sum()))
    return total / len(order)


def _share(ranks: Sequence[int | None], within: int) -> float | None:
    return float(np.mean([rank is not None and rank <= within for rank in ranks])) if ranks else None

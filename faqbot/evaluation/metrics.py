"""How good a ranking and its confidence are. Pure functions over outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from faqbot.matching.model.thresholds import Reliability, calibration_error, reliability_table

Vector = npt.NDArray[np.float64]

_BINS = 10


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
        ece=calibration_error(_reliability(confidence, right)) if probabilities else None,
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
    return Calibration(float(np.mean((confidence - right) ** 2)), _reliability(confidence, right))


def auroc(positive: Vector, negative: Vector) -> float | None:
    """Area under the ROC curve: Mann and Whitney's U over all pairs, ties counting half; None without both kinds."""
    from scipy import stats  # Half a second to import, and only an evaluation needs it.

    if not len(positive) or not len(negative):
        return None
    ranks = stats.rankdata(np.concatenate([positive, negative]))[: len(positive)]
    least = len(positive) * (len(positive) + 1) / 2
    return float((ranks.sum() - least) / (len(positive) * len(negative)))


def coverage_at(confidence: Vector, right: npt.NDArray[np.bool_], precision: float) -> float:
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


def _reliability(confidence: Vector, right: npt.NDArray[Any]) -> tuple[Reliability, ...]:
    return reliability_table(confidence, right, np.ones(len(right)), _BINS)


def _share(ranks: Sequence[int | None], within: int) -> float | None:
    return float(np.mean([rank is not None and rank <= within for rank in ranks])) if ranks else None

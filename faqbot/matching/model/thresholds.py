"""From a target precision to the confidence at which an answer is given, with the record of how it was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from faqbot.matching.model.label_shift import log_odds

Vector = npt.NDArray[np.float64]
Source = Literal["wordings", "labelled", "passages"]
LessonSource = Literal["wordings", "labels", "feedback"]
ShareSource = Literal["given", "labelled", "traffic", "default"]

_SMALL = 50.0
# What is wrong nineteen times out of twenty helps nobody, whatever recall it would buy.
_SUGGEST_DEFAULT, _SUGGEST_LOWEST, _SUGGEST_HIGHEST = 0.05, 0.05, 0.3


@dataclass(frozen=True, slots=True)
class Reliability:
    """One bin of the reliability table: of `count` questions with about this confidence, how many were right."""

    low: float
    high: float
    mean_confidence: float
    precision: float
    count: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something that was learned from, and the thresholds as they were after it.

    Attributes:
        source: The wordings; labels, which people gave; or feedback that nobody has reviewed.
        questions: How many of that there were.
        answer: Confidence from which an answer was given.
        suggest: Confidence from which a topic was suggested.
        coverage: Expected share of all questions that were answered.
    """

    source: LessonSource
    questions: int
    answer: float
    suggest: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The two bounds and what stands behind them.

    Attributes:
        answer: Confidence from which the answer is given directly.
        suggest: Confidence from which a topic is suggested.
        target_precision: What was asked for.
        precision: Expected share of right answers among those given directly; None where none is expected to be given.
        coverage: Expected share of all questions that are answered directly.
        interval: Clopper-Pearson 95 % interval of the precision as measured on the sample; None where nothing
            could be measured.
        sample: Questions behind these figures.
        source: What the sample is: held-out wordings, labelled questions, or wordings asked of the passages.
        share: Assumed share of unanswerable questions.
        share_source: Where it comes from.
        reliability: Ten bins of equal count of the sample; empty where that is.
        ece: Expected calibration error over these bins; None where there is none.
        brier: Mean squared error of the confidence; None likewise.
        cautious: Whether the sample was too small to trust, so that the answer threshold was drawn towards a safe one.
        lessons: What was learned from, one after the other; empty where something has moved them since.
    """

    answer: float
    suggest: float
    target_precision: float
    precision: float | None
    coverage: float
    interval: tuple[float, float] | None
    sample: int
    source: Source
    share: float
    share_source: ShareSource
    reliability: tuple[Reliability, ...]
    ece: float | None
    brier: float | None
    cautious: bool
    lessons: tuple[Lesson, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Every attribute, the reliability table row by row."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Thresholds:
        """The inverse of `to_json`.

        Raises:
            TypeError: The values are something else.
        """
        rows = tuple(Reliability(**row) for row in values["reliability"])
        interval = tuple(values["interval"]) if values["interval"] else None
        lessons = tuple(Lesson(**one) for one in values.get("lessons", ()))
        return cls(**{**values, "reliability": rows, "interval": interval, "lessons": lessons})


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Questions with the beliefs about them; each array has shape (n,).

    Attributes:
        confidence: Of the best topic.
        none: Probability that nothing fits.
        right: 1 where the best topic is right, 0 where not, NaN where nobody knows.
        own: Probability of the right topic where it is among the first five; NaN otherwise.
        answerable: Whether the question has an answer.
        source: What the questions are.
        share: The share of unanswerable questions that the beliefs assume.
    """

    confidence: Vector
    none: Vector
    right: Vector
    own: Vector
    answerable: npt.NDArray[np.bool_]
    source: Source
    share: float

    @classmethod
    def joined(cls, samples: Sequence[Sample]) -> Sample:
        """Several samples of one source and share, at least one."""
        arrays = ("confidence", "none", "right", "own", "answerable")
        together = {name: np.concatenate([getattr(sample, name) for sample in samples]) for name in arrays}
        return cls(**together, source=samples[0].source, share=samples[0].share)

    def at_share(self, share: float) -> Sample:
        """The beliefs where another share is unanswerable (Bayes' rule; the order of the topics stays)."""
        scale = 1.0 - self.none + self.none * np.exp(log_odds(share) - log_odds(self.share))
        none = 1.0 - (1.0 - self.none) / scale
        return Sample(self.confidence / scale, none, self.right, self.own / scale, self.answerable, self.source, share)

    def weights(self) -> Vector:
        """How much each question counts, so that wordings hold the assumed share; mean 1."""
        answerable = self.answerable.sum()
        if self.source not in ("wordings", "passages") or answerable in (0, len(self.answerable)):
            return np.ones(len(self.confidence))
        parts = np.where(
            self.answerable, (1 - self.share) / answerable, self.share / (len(self.answerable) - answerable)
        )
        return np.asarray(parts * len(parts))


def choose_thresholds(sample: Sample, target: float, share_source: ShareSource, recall: float = 0.98) -> Thresholds:
    """Find both thresholds and measure them.

    The answer threshold is the smallest at which the confidences above it average to the target: that is the precision
    they promise. Labelled questions, and wordings asked of the passages, correct the promise by what they show, in
    proportion to their number. Where no question is less sure than the target, it is the target. Below some
    fifty usable questions the threshold is drawn towards a safe one. A target of 0 answers everything, of 1 exact
    wordings only.

    Args:
        sample: Beliefs at the assumed share; may be empty.
        target: Share of direct answers that have to be right, 0..1.
        share_source: Where the sample's share comes from.
        recall: Share of answerable questions whose topic has to stay among the suggestions.
    """
    usable = sample.answerable.sum()
    weights = sample.weights()
    answer = _answer_threshold(sample, weights, target, float(usable))
    given = sample.confidence >= answer
    mass = float(weights[given].sum())
    promised = float((weights * sample.confidence)[given].sum()) / mass if mass else None
    right = float((weights * sample.right)[given].sum())
    table = reliability_table(sample.confidence, sample.right, weights)
    total = max(1.0, float(weights.sum()))
    return Thresholds(
        answer=answer,
        suggest=min(_suggest_threshold(sample, recall), answer),
        target_precision=target,
        precision=promised,
        coverage=mass / total,
        interval=clopper_pearson(right, mass) if mass else None,
        sample=len(sample.confidence),
        source=sample.source,
        share=sample.share,
        share_source=share_source,
        reliability=table,
        ece=calibration_error(table),
        brier=float(weights @ np.square(sample.confidence - sample.right) / total) if table else None,
        cautious=bool(usable < _SMALL),
    )


def _answer_threshold(sample: Sample, weights: Vector, target: float, usable: float) -> float:
    if target <= 0.0 or target >= 1.0:
        return min(max(target, 0.0), 1.0)
    # Errors thin out above a threshold: where confidences spread evenly, above it they are half of those at it.
    safe = max(0.0, 1.0 - 2.0 * (1.0 - target))
    if not usable:
        return safe
    order = np.argsort(-sample.confidence, kind="stable")
    mass = np.cumsum(weights[order])
    promised = np.cumsum((weights * sample.confidence)[order]) / mass
    if sample.source in ("labelled", "passages"):
        shown = np.cumsum((weights * sample.right)[order])
        promised = (shown + _SMALL * promised) / (mass + _SMALL)
    enough = np.flatnonzero(promised >= target)
    # Where even the surest do not reach the target, nothing but an exact wording is answered.
    found = float(sample.confidence[order][enough[-1]]) if len(enough) else 1.0
    if len(enough) and enough[-1] == len(order) - 1:
        # Nothing lies below, so the sample does not say how far down it may go; the confidence itself does.
        found = min(found, target)
    if usable >= _SMALL:
        return found
    return (usable * found + (_SMALL - usable) * max(found, safe)) / _SMALL


def _suggest_threshold(sample: Sample, recall: float) -> float:
    own = sample.own[np.isfinite(sample.own)]
    if len(own) < _SMALL:
        return _SUGGEST_DEFAULT
    return float(np.clip(np.quantile(own, 1.0 - recall), _SUGGEST_LOWEST, _SUGGEST_HIGHEST))


def clopper_pearson(right: float, answered: float, level: float = 0.95) -> tuple[float, float]:
    """Exact binomial interval of a precision (Clopper and Pearson 1934).

    Args:
        right: Right answers, 0..answered; fractions from weighting are allowed.
        answered: Answers in all, above 0.
        level: Probability that the interval covers the truth.
    """
    tail = (1.0 - level) / 2.0
    low = float(special.betaincinv(right, answered - right + 1, tail)) if right > 0 else 0.0
    high = float(special.betaincinv(right + 1, answered - right, 1.0 - tail)) if right < answered else 1.0
    return low, high


def reliability_table(confidence: Vector, right: Vector, weights: Vector, bins: int = 10) -> tuple[Reliability, ...]:
    """How often each range of confidences was right: bins of equal count, ascending.

    Args:
        confidence: Shape (n,), 0..1.
        right: 1 or 0 for each.
        weights: How much each counts.
        bins: At most so many rows; fewer where n is smaller.
    """
    order = np.argsort(confidence, kind="stable")
    table = []
    for part in np.array_split(order, bins):
        if len(part):
            mass = weights[part].sum()
            table.append(
                Reliability(
                    low=float(confidence[part].min()),
                    high=float(confidence[part].max()),
                    mean_confidence=float(weights[part] @ confidence[part] / mass),
                    precision=float(weights[part] @ right[part] / mass),
                    count=len(part),
                )
            )
    return tuple(table)


def calibration_error(table: Sequence[Reliability]) -> float | None:
    """Expected calibration error: mean over the table's questions of |mean confidence - share right| of their bin."""
    total = sum(row.count for row in table)
    return sum(row.count * abs(row.mean_confidence - row.precision) for row in table) / total if total else None

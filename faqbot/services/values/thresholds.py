"""What the thresholds are, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.matching.model.thresholds import Lesson, ShareSource


@dataclass(frozen=True, slots=True)
class EarlierThresholds:
    """Those of the version that customers had before."""

    version: int
    answer: float
    suggest: float
    coverage: float


@dataclass(frozen=True, slots=True)
class TrafficEffect:
    """Where customers' questions have moved the thresholds, within bounds, in the process that said so last.

    Attributes:
        at: When, UTC, ISO 8601.
        answer: Confidence from which an answer is given now.
        suggest: Confidence from which an entry is suggested now.
        coverage: Expected share of all questions that are answered.
        share: Share of questions without an answer that is assumed now.
    """

    at: str
    answer: float
    suggest: float
    coverage: float
    share: float


@dataclass(frozen=True, slots=True)
class ThresholdReport:
    """The thresholds of a version as they were learned.

    Attributes:
        version: Its number.
        answer: Confidence from which an answer is given.
        suggest: Confidence from which an entry is suggested.
        coverage: Expected share of all questions that are answered.
        precision: Expected share of right answers; null where none is expected to be given.
        share: Assumed share of questions without an answer.
        share_source: Where that comes from.
        lessons: What was learned from, one after the other, each with the thresholds after it.
        before: Those of the version that customers had before; null where there was none.
        traffic: What traffic did to them since; null for nothing.
    """

    version: int
    answer: float
    suggest: float
    coverage: float
    precision: float | None
    share: float
    share_source: ShareSource
    lessons: tuple[Lesson, ...]
    before: EarlierThresholds | None
    traffic: TrafficEffect | None

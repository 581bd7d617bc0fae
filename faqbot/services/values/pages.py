"""Lists of what is kept, page by page where they may be long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from faqbot.storage import AskedQuestion, AuditRecord, Feedback, LabelledQuestion, QuestionTest


class Numbered(Protocol):
    """Something that counts up."""

    @property
    def number(self) -> int:
        """Never given twice."""
        ...


_N = TypeVar("_N", bound=Numbered)


def page_of(found: Sequence[_N], limit: int) -> tuple[tuple[_N, ...], int | None]:
    """What a page shows, and the number behind which the next one continues; None on the last.

    Args:
        found: One more than is shown, where there are so many.
        limit: How many are shown at most.
    """
    shown = tuple(found[:limit])
    return shown, shown[-1].number if len(found) > limit else None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Changes, the newest first.

    Attributes:
        next: Send it as `after` for the page behind this one; null on the last.
    """

    changes: tuple[AuditRecord, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class AskedPage:
    """Asked questions, the newest first.

    Attributes:
        next: Send it as `after` for the page behind this one; null on the last.
    """

    questions: tuple[AskedQuestion, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Feedback that nobody has reviewed yet, the newest first.

    Attributes:
        next: Send it as `after` for the page behind this one; null on the last.
    """

    feedback: tuple[Feedback, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class Dismissed:
    """How much feedback is gone."""

    dismissed: int


@dataclass(frozen=True, slots=True)
class LabelList:
    """Every labelled question."""

    labels: tuple[LabelledQuestion, ...]


@dataclass(frozen=True, slots=True)
class QuestionTestList:
    """Every test question."""

    tests: tuple[QuestionTest, ...]

"""The one function that decides, for customers, tests and evaluation alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from faqbot.encoder.encoding import Encoding
from faqbot.matching.match import Match
from faqbot.matching.mode_ranking import ModeRanker
from faqbot.matching.scoring import Mode
from faqbot.matching.verdict import Thresholds, Verdict, decide


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the matching core needs it.

    Attributes:
        text: Cleaned.
        encoding: Of that text.
    """

    text: str
    encoding: Encoding


def judge(
    matcher: ModeRanker,
    thresholds: Thresholds,
    question: Question,
    *,
    mode: Mode = "hybrid",
    candidates: int = 100,
    suggestions: int = 5,
    allowed: Collection[str] | None = None,
) -> tuple[list[Match], Verdict]:
    """Rank the topics and let the verdict fall.

    Args:
        matcher: Over the version that is asked.
        thresholds: That belong to it.
        question: What is asked.
        mode: `dense`, `sparse`, `colbert` or `hybrid`.
        candidates: Wordings that are scored in full.
        suggestions: Suggestions at most.
        allowed: Topics that may answer; None for all.

    Returns:
        The matches, best first, and the verdict on them.
    """
    matches = matcher.rank(question.text, question.encoding, mode=mode, candidates=candidates, allowed=allowed)
    return matches, decide(matches, thresholds, suggestions)

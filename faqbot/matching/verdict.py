"""Answer, suggest or fall back: the one place where the thresholds are applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from faqbot.matching.match import Match

VerdictName = Literal["answer", "suggest", "fallback"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Confidences, 0..1, from which an entry is answered with, or suggested; both bounds count as reached."""

    answer: float
    suggest: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What customers get.

    Attributes:
        name: `answer`, `suggest` or `fallback`.
        reason: Stable code: `exact`, `above_answer_threshold`, `below_answer_threshold`,
            `below_suggest_threshold`, `no_candidates`.
        suggestions: The matches that reach the suggest threshold, best first; empty for a fallback.
    """

    name: VerdictName
    reason: str
    suggestions: tuple[Match, ...]


def decide(matches: Sequence[Match], bounds: Bounds, limit: int) -> Verdict:
    """Apply the thresholds to ranked matches.

    Args:
        matches: Best first.
        bounds: The two thresholds.
        limit: Suggestions at most.
    """
    if not matches:
        return Verdict("fallback", "no_candidates", ())
    best = matches[0]
    suggestions = tuple(match for match in matches if match.confidence >= bounds.suggest)[:limit]
    if best.exact:
        return Verdict("answer", "exact", suggestions)
    if best.confidence >= bounds.answer:
        return Verdict("answer", "above_answer_threshold", suggestions)
    if suggestions:
        return Verdict("suggest", "below_answer_threshold", suggestions)
    return Verdict("fallback", "below_suggest_threshold", ())

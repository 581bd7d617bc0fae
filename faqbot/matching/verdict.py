"""Answer, suggest or fall back: the one place where the thresholds are applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from faqbot.matching.match import Match

VerdictName = Literal["answer", "suggest", "fallback"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Confidences, 0..1, from which an entry is answered with, or suggested; both bounds count as reached.

    Attributes:
        answer: For every entry that has no bound of its own.
        suggest: For every entry.
        own: Bounds for the answer by the entry id of the wording that matched.
    """

    answer: float
    suggest: float
    own: Mapping[str, float] = field(default_factory=dict, hash=False)

    def answer_to(self, match: Match) -> float:
        """The confidence from which this match is answered with."""
        return self.own.get(match.wording.entry_id, self.answer)


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
        bounds: The thresholds.
        limit: Suggestions at most.
    """
    if not matches:
        return Verdict("fallback", "no_candidates", ())
    best = matches[0]
    suggestions = tuple(match for match in matches if match.confidence >= bounds.suggest)[:limit]
    if best.exact:
        return Verdict("answer", "exact", suggestions)
    if best.confidence >= bounds.answer_to(best):
        return Verdict("answer", "above_answer_threshold", suggestions)
    if suggestions:
        return Verdict("suggest", "below_answer_threshold", suggestions)
    return Verdict("fallback", "below_suggest_threshold", ())

"""Answer, suggest or fall back: the one place where the thresholds are applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from faqbot.matching.search.match import Match

VerdictName = Literal["answer", "suggest", "fallback"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Confidences, 0..1, from which an entry is answered with, or suggested; both bounds count as reached.

    Attributes:
        answer: For every entry that has no bound of its own.
        suggest: For every entry.
        passage: Confidence from which an entry is answered with where a passage of its answer matched; where it is less
            than `answer`, that counts.
        own: Bounds for the answer by the entry id of the wording that matched.
    """

    answer: float
    suggest: float
    passage: float = 1.0
    own: Mapping[str, float] = field(default_factory=dict, hash=False)

    def answer_to(self, match: Match) -> float:
        """The confidence from which this match is answered with."""
        general = max(self.answer, self.passage) if match.passage else self.answer
        return self.own.get(match.wording.entry_id, general)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What customers get.

    Attributes:
        name: `answer`, `suggest` or `fallback`.
        reason: Stable code: `exact`, `above_answer_threshold`, `below_answer_threshold`,
            `below_suggest_threshold`, `no_candidates`; `passage_above_answer_threshold` and
            `passage_below_answer_threshold` where it was a passage of a long answer that matched.
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
    through = "passage_" if best.passage else ""
    if best.exact:
        return Verdict("answer", "exact", suggestions)
    if best.confidence >= bounds.answer_to(best):
        return Verdict("answer", f"{through}above_answer_threshold", suggestions)
    if suggestions:
        return Verdict("suggest", f"{through}below_answer_threshold", suggestions)
    return Verdict("fallback", "below_suggest_threshold", ())

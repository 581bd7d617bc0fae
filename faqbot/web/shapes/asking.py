"""Replies to questions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from faqbot.web.shapes.shape import Shape


class ModeScores(Shape):
    """The three modes, each 0..1."""

    dense: float
    sparse: float
    colbert: float


class PassageShape(Shape):
    """The part of a long answer that matched the question."""

    text: str = Field(description="As it stands in the answer, Markdown.")
    start: int = Field(description="Its first character's place in the answer, from 0.")
    end: int = Field(description="The place behind its last one.")
    number: int = Field(description="Which passage of the answer it is, from 1.")
    of: int = Field(description="How many passages the answer has.")
    heading: str = Field(description="The headings above it, joined by ` > `; may be empty.")


_WHERE_MATCHED: Any = Field(
    None,
    description="What matched in the entry's long answer; absent where its questions did.",
    exclude_if=lambda value: value is None,
)


class SuggestionShape(Shape):
    """One line of a 'did you mean' list."""

    entry_id: str
    question: str
    confidence: float
    passage: PassageShape | None = _WHERE_MATCHED


class OfferShape(Shape):
    """One entry that stands beside the answer."""

    entry_id: str
    question: str


class RelatedShape(Shape):
    """An entry that asks something near."""

    entry_id: str
    question: str
    similarity: float = Field(description="Of the two standard questions, 0.5 to 1; that of unrelated texts is 0.")


class ExclusionShape(Shape):
    """An entry that would have been answered with or suggested, and why it may not."""

    entry_id: str
    reason: Literal["not_yet_valid", "expired", "other_segment", "replaced_for_segment"]


class HandoffShape(Shape):
    """A person should take over."""

    reason: Literal["requested", "repeated_misses"]
    text: str = Field(description="How to reach a person; may be empty.")
    link: str = Field(description="Where to; may be empty.")


class DecisionShape(Shape):
    """Why the verdict fell as it did."""

    reason: str
    answer_threshold: float = Field(description="The one that was used: the best entry's own where it has one.")
    suggest_threshold: float
    version: int
    model: str
    excluded: list[ExclusionShape]


class AskReply(Shape):
    """The answer to one question."""

    verdict: Literal["answer", "suggest", "fallback"]
    answer: str
    entry_id: str | None
    question: str | None
    confidence: float = Field(description="Probability that the best entry answers the question.")
    score: float
    scores: ModeScores
    suggestions: list[SuggestionShape]
    decision: DecisionShape
    prompts: list[OfferShape] = Field(description="Follow-ups of the entry that answers.")
    attachments: list[str] = Field(description="Links that go with the answer.")
    related: list[RelatedShape] = Field(description="Other entries that ask something near, nearest first; at most 5.")
    passage: PassageShape | None = _WHERE_MATCHED
    handoff: HandoffShape | None = Field(description="Where a person should take over; only with a `session_id`.")
    request_id: str
    explanation: dict[str, Any] | None = Field(None, exclude_if=lambda value: value is None)


class LookupResult(Shape):
    """One ranked entry."""

    entry_id: str
    question: str
    answer: str
    category: str
    confidence: float
    score: float
    scores: ModeScores
    matched_wording: str
    passage: PassageShape | None = _WHERE_MATCHED


class LookupReply(Shape):
    """Ranked entries, best first."""

    query: str
    results: list[LookupResult]
    request_id: str


class SimilarityReply(Shape):
    """Two texts compared: each mode 0..1, and the model's own numbers under `raw`."""

    dense: float
    sparse: float
    colbert: float
    hybrid: float
    raw: dict[str, float]
    model: str

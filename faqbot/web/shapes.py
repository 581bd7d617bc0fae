"""What replies hold: the models behind the OpenAPI document, against which every reply is checked on its way out."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from faqbot.services.replies import RowVerdictName


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ModeScores(_Shape):
    """The three modes, each 0..1."""

    dense: float
    sparse: float
    colbert: float


class SuggestionShape(_Shape):
    """One line of a 'did you mean' list."""

    entry_id: str
    question: str
    confidence: float


class OfferShape(_Shape):
    """One entry that stands beside the answer."""

    entry_id: str
    question: str


class RelatedShape(_Shape):
    """An entry that asks something near."""

    entry_id: str
    question: str
    similarity: float = Field(description="Of the two standard questions, 0.5 to 1; that of unrelated texts is 0.")


class ExclusionShape(_Shape):
    """An entry that would have been answered with or suggested, and why it may not."""

    entry_id: str
    reason: Literal["not_yet_valid", "expired", "other_segment", "replaced_for_segment"]


class HandoffShape(_Shape):
    """A person should take over."""

    reason: Literal["requested", "repeated_misses"]
    text: str = Field(description="How to reach a person; may be empty.")
    link: str = Field(description="Where to; may be empty.")


class DecisionShape(_Shape):
    """Why the verdict fell as it did."""

    reason: str
    answer_threshold: float = Field(description="The one that was used: the best entry's own where it has one.")
    suggest_threshold: float
    version: int
    model: str
    excluded: list[ExclusionShape]


class AskReply(_Shape):
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
    handoff: HandoffShape | None = Field(description="Where a person should take over; only with a `session_id`.")
    request_id: str
    explanation: dict[str, Any] | None = Field(None, exclude_if=lambda value: value is None)


class LookupResult(_Shape):
    """One ranked entry."""

    entry_id: str
    question: str
    answer: str
    category: str
    confidence: float
    score: float
    scores: ModeScores
    matched_wording: str


class LookupReply(_Shape):
    """Ranked entries, best first."""

    query: str
    results: list[LookupResult]
    request_id: str


class SimilarityReply(_Shape):
    """Two texts compared: each mode 0..1, and the model's own numbers under `raw`."""

    dense: float
    sparse: float
    colbert: float
    hybrid: float
    raw: dict[str, float]
    model: str


class EntryShape(_Shape):
    """An entry of the draft."""

    id: str
    question: str
    similar: list[str]
    answer: str
    language: str
    category: str
    tags: list[str]
    enabled: bool
    valid_from: str
    valid_until: str
    segments: list[str]
    prompts: list[str]
    attachments: list[str]
    answer_threshold: float | None
    revision: int | None = Field(None, exclude_if=lambda value: value is None)


class EntryPage(_Shape):
    """Entries in the order of their ids."""

    entries: list[EntryShape]
    next: str | None = Field(description="Send it as `after` for the page behind this one; null on the last.")
    total: int = Field(description="Entries in the draft, filters aside.")
    found: int = Field(description="Entries that pass the filters, on all pages.")


class ChangeShape(_Shape):
    """One change."""

    number: int
    at: str
    actor: str
    action: str
    subject: str
    reason: str
    before: dict[str, Any] | None = Field(description="Of an update only the fields that differ.")
    after: dict[str, Any] | None


class AuditPage(_Shape):
    """Changes, the newest first."""

    changes: list[ChangeShape]
    next: int | None = Field(description="Send it as `after` for the page behind this one; null on the last.")


class RelatedReply(_Shape):
    """Published entries near to another one, nearest first."""

    related: list[RelatedShape]


class BulkReply(_Shape):
    """How many entries were meant, and how many of them are not as they were."""

    chosen: int
    changed: int


class RowShape(_Shape):
    """One row of a file."""

    line: int
    entry_id: str
    verdict: RowVerdictName
    column: str
    message: str


class LossShape(_Shape):
    """Something that the file holds and that has no home here."""

    what: str
    count: int
    why: str


class ImportReply(_Shape):
    """What became of a file."""

    file: str
    encoding: str
    origin: str = Field(description="The program whose export it is; empty for our own columns.")
    applied: bool
    counts: dict[str, int]
    removed: int
    losses: list[LossShape]
    rows: list[RowShape]


class AskedShape(_Shape):
    """One question as it was asked and decided."""

    number: int
    request_id: str
    text: str = Field(description="E-mail addresses and long numbers are masked.")
    verdict: Literal["answer", "suggest", "fallback"]
    entry_id: str = Field(description="What answered, else the first suggestion; empty for a fallback.")
    confidence: float
    version: int
    channel: str
    language: str
    session: str = Field(description="Equal within one conversation; says nothing about who it was.")
    created_at: str


class AskedPage(_Shape):
    """Asked questions, the newest first."""

    questions: list[AskedShape]
    next: int | None = Field(description="Send it as `after` for the page behind this one; null on the last.")


class FeedbackShape(_Shape):
    """What a customer thought of a reply."""

    number: int
    request_id: str
    text: str = Field(description="The question; e-mail addresses and long numbers are masked.")
    kind: Literal["helpful", "unhelpful", "chosen", "none"]
    entry_id: str = Field(description="What was answered with, or chosen; empty for `none`.")
    created_at: str


class FeedbackPage(_Shape):
    """Feedback that nobody has reviewed yet, the newest first."""

    feedback: list[FeedbackShape]
    next: int | None = Field(description="Send it as `after` for the page behind this one; null on the last.")


class LabelShape(_Shape):
    """A question and the entries that answer it."""

    question: str
    entry_ids: list[str] = Field(description="Empty: nothing answers it.")


class LabelList(_Shape):
    """Every labelled question."""

    labels: list[LabelShape]


class FindingShape(_Shape):
    """One problem that a check found."""

    code: str
    severity: Literal["blocking", "warning"]
    entries: list[str]
    texts: list[str] = Field(description="What the explanation quotes.")
    explanation: dict[Literal["zh", "en"], str]


class OverrideShape(_Shape):
    """A check that was let fail, and why."""

    code: str
    note: str


class CheckReportShape(_Shape):
    """What the checks found, blocking findings first."""

    publishable: bool
    complete: bool = Field(description="Whether every check ran.")
    counts: dict[str, int]
    findings: list[FindingShape]
    overrides: list[OverrideShape]


class DuplicateShape(_Shape):
    """Two entries that ask nearly the same."""

    entry_ids: list[str]
    wordings: list[str]
    answers: list[str]
    score: float = Field(description="Strength of the belief that they ask the same, 0..1.")
    conflict: bool = Field(description="Whether their answers differ.")


class DuplicateList(_Shape):
    """Pairs, those with different answers first."""

    pairs: list[DuplicateShape]


class QuestionTestShape(_Shape):
    """A question with the decision that every version has to make."""

    number: int
    question: str
    entry_id: str | None = Field(description="The entry that has to answer; null: nothing may.")


class QuestionTestList(_Shape):
    """Every test question."""

    tests: list[QuestionTestShape]


class RehearsedDecision(_Shape):
    """What a version decides about a question."""

    verdict: Literal["answer", "suggest", "fallback", "refused"]
    entry_id: str
    confidence: float


class TestedQuestionShape(QuestionTestShape):
    """A test question, and what became of it."""

    passed: bool
    passed_before: bool | None = Field(description="On the current version; null where there is none of this model.")
    draft: RehearsedDecision


class TestRun(_Shape):
    """What became of every test question."""

    passed: int
    failed: int
    results: list[TestedQuestionShape]


class ChangedDecisionShape(_Shape):
    """A real question about which the draft decides otherwise."""

    text: str
    times: int
    current: RehearsedDecision
    draft: RehearsedDecision


class ReplayShape(_Shape):
    """The last real questions, asked of the draft."""

    asked: int
    changed: list[ChangedDecisionShape]


class EntryDifferenceShape(_Shape):
    """One entry that is in both and differs."""

    entry_id: str
    wordings_added: list[str]
    wordings_removed: list[str]
    answer: list[str] | None = Field(description="The earlier and the later answer; null where they are equal.")
    fields: list[str]


class DifferenceShape(_Shape):
    """What differs between two versions."""

    added: list[str]
    removed: list[str]
    changed: list[EntryDifferenceShape]


class VersionShape(_Shape):
    """One published version."""

    number: int
    created_at: str
    entries: int
    wordings: int
    model: str
    current: bool
    note: str


class VersionList(_Shape):
    """Every version, newest first."""

    versions: list[VersionShape]


ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Error",
    "required": ["error", "request_id"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "description": "Stable and machine-readable."},
                "message": {"type": "string", "description": "One sentence that says what to change."},
                "details": {"type": "array", "items": {}},
            },
        },
        "request_id": {"type": "string"},
    },
}
"""The one error body."""

"""What services hand to every door: plain values, with the names of the HTTP contract (see `faqbot.contract`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from faqbot.contract import ABSENT_WHEN_NONE, INTERNAL
from faqbot.matching.decision.explanation import Explanation
from faqbot.matching.decision.verdict import VerdictName
from faqbot.matching.search.scoring import Scores
from faqbot.passages import Passage


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of a 'did you mean' list.

    Attributes:
        passage: What matched in the entry's long answer; absent where its questions did.
    """

    entry_id: str
    question: str
    confidence: float
    passage: Annotated[Passage | None, ABSENT_WHEN_NONE] = None


ExclusionReason = Literal["not_yet_valid", "expired", "other_segment", "replaced_for_segment"]
HandoffReason = Literal["requested", "repeated_misses"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry that stands beside the answer."""

    entry_id: str
    question: str


@dataclass(frozen=True, slots=True)
class RelatedEntry:
    """An entry that asks something near.

    Attributes:
        similarity: Of the two standard questions, 0.5..1; 0 would be that of unrelated texts.
    """

    entry_id: str
    question: str
    similarity: float


@dataclass(frozen=True, slots=True)
class RelatedList:
    """Published entries near to another one, nearest first."""

    related: tuple[RelatedEntry, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An entry that would have been answered with or suggested, and why it may not."""

    entry_id: str
    reason: ExclusionReason


@dataclass(frozen=True, slots=True)
class Handoff:
    """A person should take over.

    Attributes:
        reason: `requested` by the customer, or `repeated_misses`.
        text: How to reach a person, as the settings say; may be empty.
        link: Where to; may be empty.
    """

    reason: HandoffReason
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """Why the verdict fell as it did.

    Attributes:
        reason: Stable code: `exact`, `above_answer_threshold`, `below_answer_threshold`,
            `below_suggest_threshold`, `no_candidates`; and, from the conversation alone, `chosen_suggestion`,
            `chosen_prompt`, `choice_out_of_range`, `none_of_these`, `chit_chat`, `handoff_requested`.
        answer_threshold: Confidence from which the best entry is answered with directly, 0..1; its own, if it has one.
        suggest_threshold: Confidence from which an entry is suggested, 0..1.
        version: Number of the published version that answered.
        model: Name of the encoder.
        excluded: Entries that are not valid now or not for whoever asks, where they would have mattered.
    """

    reason: str
    answer_threshold: float
    suggest_threshold: float
    version: int
    model: str
    excluded: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question.

    Attributes:
        verdict: `answer`, `suggest` or `fallback`.
        answer: Text for the customer: the stored answer, the line above the suggestions, or the fallback message.
        entry_id: The entry that answers; null unless the verdict is `answer`, and null for small talk.
        question: The standard question of the best entry; null when there is no candidate.
        confidence: Probability that the best entry answers the question, 0..1.
        score: Hybrid (or chosen mode's) score of the best wording, 0..1.
        scores: The mode scores behind it.
        suggestions: Best first; empty for `fallback`.
        language: Language of the reply: `zh`, `en` or the entry's own.
        prompts: Follow-ups of the entry that answers.
        attachments: Links that go with its answer.
        related: Other entries that ask something near, nearest first; empty unless the verdict is `answer`.
        passage: The part of the best entry's long answer that matched; absent where its questions did.
        handoff: Where a person should take over, else null; only with a `session_id`.
        request_id: Of the request that asked, as in its header and the log; empty outside of one.
        explanation: How the score came about; absent unless it was asked for.
    """

    verdict: VerdictName
    answer: str
    entry_id: str | None
    question: str | None
    confidence: float
    score: float
    scores: Scores
    suggestions: tuple[Suggestion, ...]
    decision: DecisionRecord
    language: Annotated[str, INTERNAL]
    prompts: tuple[Offer, ...] = ()
    attachments: tuple[str, ...] = ()
    related: tuple[RelatedEntry, ...] = ()
    passage: Annotated[Passage | None, ABSENT_WHEN_NONE] = None
    handoff: Handoff | None = None
    request_id: str = ""
    explanation: Annotated[Explanation | None, ABSENT_WHEN_NONE] = None


@dataclass(frozen=True, slots=True)
class LookupRow:
    """One ranked entry, as a support agent sees it.

    Attributes:
        confidence: Probability that it answers the question, 0..1.
        score: Hybrid (or chosen mode's) score of its best wording, 0..1.
        passage: What matched in its long answer; absent where its questions did.
    """

    entry_id: str
    question: str
    answer: str
    category: str
    confidence: float
    score: float
    scores: Scores
    matched_wording: str
    passage: Annotated[Passage | None, ABSENT_WHEN_NONE] = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Ranked entries for a support agent, best first.

    Attributes:
        query: What was looked up.
        request_id: As in `Reply`.
    """

    query: str
    results: tuple[LookupRow, ...]
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Similarity:
    """Two texts compared: each mode mapped to 0..1.

    Attributes:
        raw: The same numbers as the model gives them.
        model: Name of the encoder.
    """

    dense: float
    sparse: float
    colbert: float
    hybrid: float
    raw: dict[str, float]
    model: str


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One published version.

    Attributes:
        number: Counts up from 1; never given twice.
        created_at: UTC, ISO 8601.
        entries: Enabled entries in it.
        wordings: Their wordings.
        model: Name of the encoder.
        current: Whether this is what customers get now.
        note: Free text of whoever published.
    """

    number: int
    created_at: str
    entries: int
    wordings: int
    model: str
    current: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class VersionList:
    """Every version, newest first."""

    versions: tuple[VersionInfo, ...]

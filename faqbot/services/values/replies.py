"""What services hand to every door: plain values, shaped like the HTTP contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from faqbot.formats import Loss
from faqbot.matching.decision.verdict import VerdictName
from faqbot.matching.search.scoring import Scores
from faqbot.passages import Passage


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of a 'did you mean' list; `passage` is there where one of its answer matched."""

    entry_id: str
    question: str
    confidence: float
    passage: Passage | None = None


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
        entry_id: The entry that answers; None unless the verdict is `answer`, and None for small talk.
        question: The standard question of the best entry; None when there is no candidate.
        confidence: Probability that the best entry answers the question, 0..1.
        score: Hybrid (or chosen mode's) score of the best wording, 0..1.
        scores: The mode scores behind it.
        suggestions: Best first; empty for `fallback`.
        language: Language of the reply: `zh`, `en` or the entry's own.
        prompts: Follow-ups of the entry that answers.
        attachments: Links that go with its answer.
        related: Other entries that ask something near, nearest first; empty unless the verdict is `answer`.
        passage: The part of the best entry's long answer that matched; None where its questions did.
        handoff: Present where a person should take over; only in conversations.
        explanation: Present when asked for; JSON values only.
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
    language: str
    prompts: tuple[Offer, ...] = ()
    attachments: tuple[str, ...] = ()
    related: tuple[RelatedEntry, ...] = ()
    passage: Passage | None = None
    handoff: Handoff | None = None
    explanation: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class LookupRow:
    """One ranked entry, as a support agent sees it; `passage` is there where one of its answer matched."""

    entry_id: str
    question: str
    answer: str
    category: str
    confidence: float
    score: float
    scores: Scores
    matched_wording: str
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Similarity:
    """Two texts compared: each mode mapped to 0..1, and as the model gives it."""

    dense: float
    sparse: float
    colbert: float
    hybrid: float
    raw: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One published version."""

    number: int
    created_at: str
    entries: int
    wordings: int
    model: str
    current: bool
    note: str = ""


RowVerdictName = Literal["new", "changed", "same", "duplicate", "conflict", "invalid"]
ROW_VERDICTS: tuple[RowVerdictName, ...] = get_args(RowVerdictName)


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What an import makes of one row.

    Attributes:
        line: Line of the file where the row starts, from 1.
        entry_id: The entry that it adds or changes; empty where it does neither.
        verdict: `new`; `changed`; `same`: the draft says so already; `duplicate`: an earlier row says so already, it is
            left out; `conflict`: it contradicts an earlier row, or fits several entries; `invalid`: it breaks a rule.
        column: The column at fault; empty when there is none.
        message: What changes, or what to mend; may be empty.
    """

    line: int
    entry_id: str
    verdict: RowVerdictName
    column: str = ""
    message: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether nothing is imported for its sake."""
        return self.verdict in ("invalid", "conflict")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of one import; nothing was written when `applied` is false.

    Attributes:
        file: Its name.
        encoding: The text encoding that was found; empty for xlsx.
        rows: What became of each row, in the order of the file.
        applied: Whether the draft was changed.
        removed: Entries that left the draft because the file replaced it.
        origin: The program whose export it is; empty for our own columns.
        losses: What the file holds that has no home here.
    """

    file: str
    encoding: str
    rows: tuple[RowVerdict, ...]
    applied: bool
    removed: int = 0
    origin: str = ""
    losses: tuple[Loss, ...] = ()

    @property
    def refused(self) -> tuple[RowVerdict, ...]:
        """The rows for whose sake nothing is imported."""
        return tuple(row for row in self.rows if row.is_refused)

    @property
    def changes(self) -> bool:
        """Whether the draft is not what the file wants it to be."""
        return bool(self.removed or self.count("new") or self.count("changed"))

    def count(self, verdict: RowVerdictName) -> int:
        """How many rows got this verdict."""
        return sum(row.verdict == verdict for row in self.rows)

"""What was asked, what was thought of the replies, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from faqbot.contract import INTERNAL, NULL_WHEN_EMPTY, SORTED, named

AskedVerdict = Literal["answer", "suggest", "fallback"]
"""What a question got: an answer, a choice of entries, or neither."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was asked and decided.

    Attributes:
        request_id: As in the reply.
        text: Cleaned, with e-mail addresses and long numbers masked.
        entry_id: The entry that answered, else the first suggestion; empty for a fallback.
        confidence: Of the best entry, 0..1.
        version: The published version that decided.
        channel: Through which door it came; empty when not stated.
        language: BCP 47 tag, guessed by script.
        session: Equal within one conversation and says nothing about who it was; empty where there was none.
        created_at: UTC, ISO 8601.
        number: Counts up; 0 before it is stored.
    """

    request_id: str
    text: str
    verdict: AskedVerdict
    entry_id: str
    confidence: float
    version: int
    channel: str
    language: str
    session: str
    created_at: str
    number: int = 0


FeedbackKind = Literal["helpful", "unhelpful", "chosen", "none"]
"""The answer helped, or did not; this suggestion was meant; nothing of what was offered was meant."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a customer thought of a reply.

    Attributes:
        request_id: Of the reply.
        text: The question, masked as in `AskedQuestion`.
        kind: See `FeedbackKind`.
        entry_id: What was answered with, or chosen; empty for `none`.
        created_at: UTC, ISO 8601.
        number: Counts up; 0 before it is stored.
        session: As in `AskedQuestion`.
        network: A pseudonym of where it came from; empty where a program said it for a customer.
    """

    request_id: str
    text: str
    kind: FeedbackKind
    entry_id: str
    created_at: str
    number: int = 0
    session: Annotated[str, INTERNAL] = ""
    network: Annotated[str, INTERNAL] = ""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A real question and the entries that answer it.

    Attributes:
        entry_ids: None: nothing answers it.
    """

    text: Annotated[str, named("question")]
    entry_ids: Annotated[frozenset[str], SORTED]


@dataclass(frozen=True, slots=True)
class QuestionTest:
    """A question with the decision that every version has to make.

    Attributes:
        text: What is asked.
        entry_id: The entry that has to answer; null: nothing may.
        number: Counts up; 0 before it is stored.
        created_at: UTC, ISO 8601; empty before it is stored.
    """

    text: Annotated[str, named("question")]
    entry_id: Annotated[str, NULL_WHEN_EMPTY]
    number: int = 0
    created_at: Annotated[str, INTERNAL] = ""

"""What leaves storage: plain values, never a row object of the database library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from faqbot.knowledge import Entry

Role = Literal["admin", "agent", "ask"]
"""What an API key allows: everything, looking up answers, or asking only."""


FeedbackKind = Literal["helpful", "unhelpful", "chosen", "none"]
"""The answer helped, or did not; this suggestion was meant; nothing of what was offered was meant."""


JobState = Literal["queued", "running", "done", "failed", "cancelled"]
"""Waiting; being worked on; three ways to be over."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry of the draft with what a later edit needs.

    Attributes:
        entry: The entry itself.
        revision: 1 when created, one more after each change. Hand it back as `expected_revision`.
        updated_at: Moment of the last change, UTC, ISO 8601.
    """

    entry: Entry
    revision: int
    updated_at: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One line of the list of versions.

    Attributes:
        number: Counts up from 1; never given twice.
        created_at: UTC, ISO 8601.
        entries: Enabled entries in the version.
        wordings: Their wordings.
        model: Name of the encoder for people.
        fingerprint: Fingerprint of the encoder whose vectors the version uses.
        note: Free text of whoever published.
        replaced: The version that customers had before it; None where there was none, or it was not noted yet.
        current: Whether this is what customers get now.
    """

    number: int
    created_at: str
    entries: int
    wordings: int
    model: str
    fingerprint: str
    note: str
    replaced: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many encodings were removed, or would be, and how many stay."""

    removed: int
    kept: int


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One published version in full; it never changes.

    Attributes:
        learned: What was fitted at publish time, as the publisher encoded it; None when nothing was.
    """

    number: int
    entries: tuple[Entry, ...]
    fingerprint: str
    model: str
    learned: bytes | None
    created_at: str
    note: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One API key, without the key: only its hash is stored, and that stays inside."""

    key_id: int
    role: Role
    label: str
    created_at: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known of a delivery that came before.

    Attributes:
        fingerprint: Of its content.
        reply: What it was answered with; None while it is being answered.
    """

    fingerprint: str
    reply: str | None


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A real question and the entries that answer it; no entry means that nothing does."""

    text: str
    entry_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was asked and decided.

    Attributes:
        request_id: As in the reply.
        text: Cleaned, with e-mail addresses and long numbers masked.
        verdict: `answer`, `suggest` or `fallback`.
        entry_id: The entry that answered, else the first suggestion; empty for a fallback.
        confidence: Of the best entry, 0..1.
        version: The published version that decided.
        channel: Through which door it came; empty when not stated.
        language: BCP 47 tag, guessed by script.
        session: Pseudonym of the conversation, empty when there was none.
        created_at: UTC, ISO 8601.
        number: Counts up; 0 before it is stored.
    """

    request_id: str
    text: str
    verdict: str
    entry_id: str
    confidence: float
    version: int
    channel: str
    language: str
    session: str
    created_at: str
    number: int = 0


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
    """

    request_id: str
    text: str
    kind: FeedbackKind
    entry_id: str
    created_at: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """One problem that a check of meaning found.

    Attributes:
        code: Of the check.
        revisions: Its entries, each with the revision that was checked.
        texts: What its explanation quotes.
    """

    code: str
    revisions: Mapping[str, int]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftState:
    """What changes whenever the draft does, or is checked again."""

    entries: int
    revisions: int
    updated_at: str
    last_finding: int
    findings: int


@dataclass(frozen=True, slots=True)
class JobClaim:
    """Which job it is, and which worker has it."""

    job_id: int
    owner: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """One background job, without its upload and its report; all moments are UTC, ISO 8601.

    Attributes:
        job_id: Counts up from 1; never given twice.
        kind: What is to be done.
        state: Where it stands.
        parameters: How it is to be done.
        stage: What is being done now, or was last.
        done: Steps of this stage that are done.
        total: Steps of this stage; 0 where they cannot be counted.
        created_at: When it was queued.
        started_at: When a worker last claimed it.
        stage_started_at: When its stage began.
        updated_at: When its worker last said something.
        finished_at: When it was over.
        cancel_requested: Whether somebody wants it to end.
        attempts: How often it was claimed; more than once where a worker died.
        result: What came of it, small.
        error: Why it failed: code, message and details.
    """

    job_id: int
    kind: str
    state: JobState
    parameters: dict[str, Any]
    stage: str
    done: int
    total: int
    created_at: str
    started_at: str | None
    stage_started_at: str | None
    updated_at: str
    finished_at: str | None
    cancel_requested: bool
    attempts: int
    result: dict[str, Any] | None
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was done.

    Attributes:
        action: What: `entry.create`, `entry.update`, `entry.delete`, `version.publish`, `version.rollback`,
            `key.create`, `key.revoke`, `label.put`, `label.delete`, `label.replace`, or another of that form.
        subject: To what: the entry's id, the version's or key's number, the question.
        before: How it was, JSON values; None where there was nothing. Of an update only the fields that differ.
        after: How it is now; None where there is nothing any more.
    """

    action: str
    subject: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One line of the audit log.

    Attributes:
        number: Counts up; never given twice.
        at: UTC, ISO 8601.
        actor: `key 3: LABEL`, `cli: USER`, or `faqbot` for what the program does by itself.
        action: As in `Change`, like what follows.
        reason: What led to it, such as `import faq.csv`; may be empty.
    """

    number: int
    at: str
    actor: str
    action: str
    subject: str
    reason: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class QuestionTest:
    """A question with the decision that every version has to make.

    Attributes:
        text: What is asked.
        entry_id: The entry that has to answer; empty: nothing may.
        number: Counts up; 0 before it is stored.
        created_at: UTC, ISO 8601; empty before it is stored.
    """

    text: str
    entry_id: str
    number: int = 0
    created_at: str = ""

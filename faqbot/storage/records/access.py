"""Keys, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from faqbot.contract import named

Role = Literal["admin", "agent", "ask"]
"""What an API key allows: everything, looking up answers, or asking only."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One API key, without the key: only its hash is stored, and that stays inside.

    Attributes:
        key_id: Counts up; never given twice.
        role: What it allows.
        name: Whose it is, or what for; may be empty.
        created_at: UTC, ISO 8601, like the others.
        expires_at: From when on it opens nothing; null: never.
        last_used_at: When it was last used, to the minute or so; null: never.
        revoked: Whether somebody has made it useless.
    """

    key_id: Annotated[int, named("id")]
    role: Role
    name: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked: bool


@dataclass(frozen=True, slots=True)
class KeyUse:
    """That a key was used.

    Attributes:
        key_id: Which.
        at: When last; UTC, ISO 8601.
        networks: From where, as `Client.network` has it; empty where that is nobody's business.
    """

    key_id: int
    at: str
    networks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was done.

    Attributes:
        action: What: `entry.create`, `entry.update`, `entry.delete`, `version.publish`, `version.rollback`,
            `key.create`, `key.rotate`, `key.revoke`, `key.use`, `key.refused`, `label.put`, `label.delete`,
            `label.replace`, `question.forget`, `question.export`, or another of that form.
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
        digest: Checksum of this line and of the one before it, hexadecimal.
    """

    number: int
    at: str
    actor: str
    action: str
    subject: str
    reason: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    digest: str


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """Whether the audit log is as it was written.

    Attributes:
        intact: Whether every line that is kept is, and what was noted is still there.
        lines: How many were found in order.
        first: Number of the first line that is kept; older ones were forgotten.
        head: Number and checksum of the last line: note it elsewhere, and give it with the next verification.
        broken: Number of the first line that is not as it was written, or is missing; null where there is none.
        problem: What is wrong, in one sentence; empty where nothing is.
    """

    intact: bool
    lines: int
    first: int
    head: str
    broken: int | None
    problem: str

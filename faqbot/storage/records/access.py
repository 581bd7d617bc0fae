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
    """One API key, without the key: only its hash is stored, and that stays inside."""

    key_id: Annotated[int, named("id")]
    role: Role
    label: str
    created_at: str
    revoked: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was done.

    Attributes:
        action: What: `entry.create`, `entry.update`, `entry.delete`, `version.publish`, `version.rollback`,
            `key.create`, `key.revoke`, `label.put`, `label.delete`, `label.replace`,
            `question.forget`, `question.export`, or another of that form.
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

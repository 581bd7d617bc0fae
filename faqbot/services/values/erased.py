"""What erasing gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownBackup:
    """A backup that was written before, and may still hold what was erased.

    Attributes:
        file: Where it was written.
        at: When, UTC, ISO 8601.
    """

    file: str
    at: str


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased.

    Attributes:
        erased: Questions.
        backups: Those that are in the audit log, the newest first: delete or renew them.
    """

    erased: int
    backups: tuple[KnownBackup, ...]


@dataclass(frozen=True, slots=True)
class Expired:
    """How many questions and opinions were too old."""

    expired: int

"""Entries of the draft, and what the checks found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from faqbot.knowledge import Entry


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

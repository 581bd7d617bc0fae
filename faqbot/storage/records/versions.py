"""Published versions, and encodings."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.knowledge import Entry
from faqbot.storage.records.questions import LabelledQuestion


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
class Learned:
    """What was learned at publish time.

    Attributes:
        fitted: As the publisher encoded it.
        labelled: The labelled questions that it was fitted to, as their vectors were made: without them it is of no
            use, whatever becomes of the labels.
    """

    fitted: bytes
    labelled: tuple[LabelledQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One published version in full; it never changes.

    Attributes:
        learned: What was learned at publish time; None when nothing was.
    """

    number: int
    entries: tuple[Entry, ...]
    fingerprint: str
    model: str
    learned: Learned | None
    created_at: str
    note: str


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many encodings were removed, or would be, and how many stay."""

    removed: int
    kept: int

"""Replies about published versions."""

from __future__ import annotations

from pydantic import Field

from faqbot.web.shapes.shape import Shape


class EntryDifferenceShape(Shape):
    """One entry that is in both and differs."""

    entry_id: str
    wordings_added: list[str]
    wordings_removed: list[str]
    answer: list[str] | None = Field(description="The earlier and the later answer; null where they are equal.")
    fields: list[str]


class DifferenceShape(Shape):
    """What differs between two versions."""

    added: list[str]
    removed: list[str]
    changed: list[EntryDifferenceShape]


class VersionShape(Shape):
    """One published version."""

    number: int
    created_at: str
    entries: int
    wordings: int
    model: str
    current: bool
    note: str


class VersionList(Shape):
    """Every version, newest first."""

    versions: list[VersionShape]

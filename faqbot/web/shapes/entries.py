"""Replies about entries of the draft."""

from __future__ import annotations

from pydantic import Field

from faqbot.web.shapes.asking import RelatedShape
from faqbot.web.shapes.checks import FindingShape
from faqbot.web.shapes.shape import Shape


class EntryShape(Shape):
    """An entry of the draft."""

    id: str
    question: str
    similar: list[str]
    answer: str
    language: str
    category: str
    tags: list[str]
    enabled: bool
    valid_from: str
    valid_until: str
    segments: list[str]
    prompts: list[str]
    attachments: list[str]
    answer_threshold: float | None
    revision: int | None = Field(None, exclude_if=lambda value: value is None)


class ListedEntryShape(EntryShape):
    """An entry of the draft, and what is wrong with it where that was asked for."""

    problems: list[FindingShape] | None = Field(None, exclude_if=lambda value: value is None)


class EntryPage(Shape):
    """Entries in the order of their ids."""

    entries: list[ListedEntryShape]
    next: str | None = Field(description="Send it as `after` for the page behind this one; null on the last.")
    total: int = Field(description="Entries in the draft, filters aside.")
    found: int = Field(description="Entries that pass the filters, on all pages.")


class RelatedReply(Shape):
    """Published entries near to another one, nearest first."""

    related: list[RelatedShape]


class BulkReply(Shape):
    """How many entries were meant, and how many of them are not as they were."""

    chosen: int
    changed: int

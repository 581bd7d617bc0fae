"""Replies about entries of the draft."""

from __future__ import annotations

from typing import Any

from pydantic import Field, create_model

from faqbot.knowledge import FIELDS, EntryField
from faqbot.services.checks.findings import Finding
from faqbot.web.shapes.shape import Shape


def _column(field: EntryField) -> Any:  # noqa: ANN401
    """A column as Pydantic wants it."""
    return list[str] if field.is_list else field.type, Field(description=field.column.help)


EntryColumns = create_model(
    "EntryColumns",
    __base__=Shape,
    __doc__="An entry under the column names of knowledge-base files.",
    **{field.column.name: _column(field) for field in FIELDS},
)


class EntryShape(EntryColumns):
    """An entry of the draft."""

    revision: int | None = Field(None, exclude_if=lambda value: value is None)


class ListedEntryShape(EntryShape):
    """An entry of the draft, and what is wrong with it where that was asked for."""

    problems: list[Finding] | None = Field(None, exclude_if=lambda value: value is None)


class EntryPage(Shape):
    """Entries in the order of their ids."""

    entries: list[ListedEntryShape]
    next: str | None = Field(description="Send it as `after` for the page behind this one; null on the last.")
    total: int = Field(description="Entries in the draft, filters aside.")
    found: int = Field(description="Entries that pass the filters, on all pages.")

"""Which entries of the draft somebody means."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import JSON, ColumnElement, Text, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from faqbot.knowledge import Entry, clean
from faqbot.storage.draft.rows import folded
from faqbot.storage.tables import EntryTable


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What chosen entries have in common; everything that is given has to hold.

    Attributes:
        text: Part of any wording or of the answer; case, width and runs of spaces are ignored.
        category: Exactly this category.
        language: Exactly this language.
        tag: One of the entry's tags is exactly this.
        segment: One of the entry's segments is exactly this.
        enabled: Only enabled, or only disabled entries.
        valid: Only those within their dates at this moment, or only the others.
        ids: Only these.
    """

    text: str | None = None
    category: str | None = None
    language: str | None = None
    tag: str | None = None
    segment: str | None = None
    enabled: bool | None = None
    valid: bool | None = None
    ids: Collection[str] | None = None


EVERY_ENTRY = EntryFilter()


def conditions_of(session: Session, chosen: EntryFilter) -> list[ColumnElement[bool]]:
    """The filter in the database's terms."""
    equal = {
        EntryTable.category: chosen.category,
        EntryTable.language: chosen.language,
        EntryTable.enabled: chosen.enabled,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if chosen.text and clean(chosen.text):
        conditions.append(EntryTable.search.contains(folded(chosen.text), autoescape=True))
    if chosen.tag is not None:
        conditions.append(_holds(EntryTable.tags, chosen.tag))
    if chosen.segment is not None:
        conditions.append(_holds(EntryTable.segments, chosen.segment))
    if chosen.valid is not None:
        outside = _among(session, _outside_dates(session))
        conditions.append(~outside if chosen.valid else outside)
    if chosen.ids is not None:
        conditions.append(_among(session, chosen.ids))
    return conditions


def _holds(column: InstrumentedAttribute[list[str]], value: str) -> ColumnElement[bool]:
    """Whether one of the values of a list is exactly this.

    A value stands in the stored JSON list between quotes, with its own quotes escaped, so it cannot be
    mistaken for part of another. `replace` compares case alike on both databases, LIKE does not.
    """
    stored = cast(column, Text)
    return func.replace(stored, json.dumps(value, ensure_ascii=False), "") != stored


def _among(session: Session, ids: Collection[str]) -> ColumnElement[bool]:
    """Whether the id is one of these, however many: a statement may hold 32,766 values, but one text of any length."""
    packed = literal(list(ids), JSON)
    values = (
        func.json_each(packed).table_valued("value")
        if session.get_bind().dialect.name == "sqlite"
        else func.json_array_elements_text(cast(packed, JSON)).table_valued("value")
    )
    return EntryTable.id.in_(select(values.c.value))


def _outside_dates(session: Session) -> list[str]:
    # Dates are kept as they were written, and only we know how to read them.
    limited = select(EntryTable.id, EntryTable.valid_from, EntryTable.valid_until).where(
        or_(EntryTable.valid_from != "", EntryTable.valid_until != "")
    )
    moment = datetime.now(UTC)
    entries = (
        Entry(row.id, "", valid_from=row.valid_from, valid_until=row.valid_until) for row in session.execute(limited)
    )
    return [entry.entry_id for entry in entries if not entry.starts <= moment < entry.ends]

"""Entries as rows of the draft's two tables, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from faqbot.knowledge import Entry, clean, match_key
from faqbot.storage.database.clock import now
from faqbot.storage.tables import ENTRY_FIELDS, EntryTable, WordingTable, column_name


def entry_row(entry: Entry) -> dict[str, object]:
    """The row of `entries`, without its revision."""
    texts = (entry.standard_question, *entry.similar_questions, entry.answer)
    values = ((column_name(field), getattr(entry, field.name)) for field in ENTRY_FIELDS)
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in values},
        "updated_at": now(),
        "search": "\n".join(folded(text) for text in texts),
    }


def wording_rows(entry: Entry) -> list[dict[str, object]]:
    """The rows of `wordings`: the standard question first, repeats kept."""
    texts = (entry.standard_question, *entry.similar_questions)
    return [
        {"entry_id": entry.entry_id, "position": position, "text": text, "key": match_key(text)}
        for position, text in enumerate(texts)
    ]


def load_entries(session: Session, conditions: Sequence[ColumnElement[bool]], limit: int | None) -> list[Entry]:
    """Read entries with their wordings in the order of the ids: two queries, however many there are."""
    chosen = select(EntryTable.id).where(*conditions).order_by(EntryTable.id).limit(limit)
    wordings = select(WordingTable.entry_id, WordingTable.text).order_by(WordingTable.entry_id, WordingTable.position)
    if conditions or limit is not None:
        wordings = wordings.where(WordingTable.entry_id.in_(chosen))
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for entry_id, text in session.execute(wordings):
        texts[entry_id].append(text)
    columns = [EntryTable.__table__.c[column_name(field)] for field in ENTRY_FIELDS]
    return [_entry(row, texts[row.id][1:]) for row in session.execute(chosen.with_only_columns(*columns))]


def _entry(row: Row[*tuple[Any, ...]], similar: Sequence[str]) -> Entry:
    values = {field.name: value for field, value in zip(ENTRY_FIELDS, row, strict=True)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Entry(**{**values, **lists, "similar_questions": tuple(similar)})


def folded(text: str) -> str:
    """Text as it is searched: cleaned, case folded."""
    return clean(text).casefold()

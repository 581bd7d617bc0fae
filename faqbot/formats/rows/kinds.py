"""Every kind of value that a field of `Entry` can have: how it is read, and how it is written in a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from faqbot.formats.rows import columns, serving_columns
from faqbot.formats.rows.columns import SIMILAR_SEPARATOR, TAG_SEPARATOR, cell_of
from faqbot.formats.rows.serving_columns import LINK_SEPARATOR
from faqbot.formats.text.sanitising import safe_answer
from faqbot.knowledge import FIELDS, Entry, Kind

READERS: Mapping[Kind, Callable[[object], Any]] = {
    "id": columns.identifier,
    "question": columns.question,
    "questions": columns.similar,
    "answer": lambda value: safe_answer(columns.answer(value)),
    "language": columns.language,
    "line": columns.line,
    "tags": columns.tags,
    "switch": columns.enabled,
    "moment": serving_columns.moment,
    "segments": serving_columns.segments,
    "ids": serving_columns.prompts,
    "links": serving_columns.attachments,
    "share": serving_columns.answer_threshold,
}
"""From what a cell or a JSON value holds to what the entry stores; each raises `BadValueError`."""

_JOINTS: Mapping[Kind, tuple[str, re.Pattern[str]]] = {
    "questions": ("\n", SIMILAR_SEPARATOR),
    "tags": (", ", TAG_SEPARATOR),
    "segments": (", ", TAG_SEPARATOR),
    "ids": (", ", TAG_SEPARATOR),
    "links": ("\n", LINK_SEPARATOR),
}


def to_cells(entry: Entry) -> list[str]:
    """An entry as one text per column, in the order of export."""
    return [to_cell(field.column.kind, getattr(entry, field.name)) for field in FIELDS]


def to_cell(kind: Kind, value: str | bool | float | Sequence[str] | None) -> str:
    """One value as a text that its kind's reader reads back."""
    if isinstance(value, tuple):
        return cell_of(value, *_JOINTS[kind])
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)

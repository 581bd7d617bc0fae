"""What a vendor's file offers to be read by: how it is recognised, and its records under their own names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from faqbot.formats.rows.columns import BadValueError, text
from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row, RowError


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table, or one object of a JSON list.

    Attributes:
        line: Line of the file where it starts, from 1; in a spreadsheet the row's number.
        values: What it holds; in a table by heading in lower case, in JSON by name.
        unnamed: Cells under no heading, which a table may have at its end.
    """

    line: int
    values: Mapping[str, object]
    unnamed: tuple[object, ...] = ()

    def text(self, name: str) -> str:
        """The value of a name as text; empty where there is none."""
        return plain(self.values.get(name))


@dataclass(frozen=True, slots=True)
class TableDialect:
    """A program's export as csv, tsv or xlsx.

    Attributes:
        name: The program, for people.
        recognises: Whether headings, in lower case, are this program's.
        read: Makes rows of our columns, and reports what has no home here.
    """

    name: str
    recognises: Callable[[Sequence[str]], bool]
    read: Callable[[Sequence[Record], Losses], Iterable[Row | RowError]]


@dataclass(frozen=True, slots=True)
class JsonDialect:
    """A program's export as JSON.

    Attributes:
        name: The program, for people.
        path: Names that lead from the outermost object to the list of records; none: the file is the list.
        recognises: Whether a record, its names in lower case, is this program's.
        read: As in a table; the second argument is the whole file.
    """

    name: str
    path: tuple[str, ...]
    recognises: Callable[[frozenset[str]], bool]
    read: Callable[[Sequence[Record], object, Losses], Iterable[Row | RowError]]


def plain(value: object) -> str:
    """Any value as text; the row rules judge it afterwards."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    try:
        return text(value)
    except BadValueError:
        return str(value)


def listed(value: object) -> list[object]:
    """A list as it is, a text that holds a JSON list as that list, anything else as no list."""
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return list(value) if isinstance(value, list | tuple) else []


def lowered(value: object) -> object:
    """The same JSON value with every name in lower case: one program writes `QnaId`, its next version `qnaId`."""
    if isinstance(value, Mapping):
        return {str(name).lower(): lowered(part) for name, part in value.items()}
    return [lowered(part) for part in value] if isinstance(value, list) else value

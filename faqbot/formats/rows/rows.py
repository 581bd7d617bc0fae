"""The rules that every row of every format has to keep, and what a file becomes.

What is wrong with a row is a value, collected and reported with its place; what is wrong with the whole
file is an exception.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from faqbot.formats.rows.columns import BadValueError, line
from faqbot.formats.rows.kinds import READERS
from faqbot.formats.rows.losses import Loss
from faqbot.knowledge import FIELDS, Entry, match_key
from faqbot.language import Text, _


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a format read it.

    Attributes:
        line: Line of the file where it starts, from 1; in a spreadsheet the row's number.
        values: Value per column (`faqbot.formats.rows.columns.COLUMNS`), of whatever type the format has.
        sheet: Where several sheets of a file were read, which one it stands in; otherwise empty.
    """

    line: int
    values: Mapping[str, object]
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """One reason why a row is not imported.

    Attributes:
        line: Line of the file where the row starts, from 1.
        column: The column at fault; empty when it is the row as a whole.
        message: One sentence for people that says what to change.
        kind: `invalid`: it breaks a rule; `conflict`: it contradicts an earlier row; `duplicate`: it says the same
            as an earlier row.
        sheet: As in `Row`.
        values: What the row holds, as far as it could be read.
    """

    line: int
    column: str
    message: str
    kind: Literal["invalid", "conflict", "duplicate"] = "invalid"
    sheet: str = ""
    values: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Everything that a file says.

    Attributes:
        entries: (line, entry) of every valid row, in the order of the file.
        stated: Which columns each of these rows states, in the same order.
        errors: What is wrong with the others.
        encoding: Text encoding that was found, such as `utf-8` or `gb18030`; empty for xlsx.
        format: `csv`, `xlsx`, `xls`, `ods`, `json`, `jsonl` or `yaml`.
        losses: What was left aside.
        origin: The program whose export it is, such as `QnABot`; empty for our own columns.
        sheets: In which sheet each of these rows stands, where several were read; otherwise empty texts.
        notes: What was found where, for people.
        doubts: What was taken for something without being told, so that somebody should look.
    """

    entries: tuple[tuple[int, Entry], ...]
    errors: tuple[RowError, ...]
    encoding: str
    format: str
    losses: tuple[Loss, ...] = ()
    origin: str = ""
    stated: tuple[frozenset[str], ...] = ()
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_entry(row: Row) -> Entry | list[RowError]:
    """Check one row by itself; every fault is reported, not only the first.

    An id that is not given is derived from the question, so that the same question gets the same id again.
    """
    errors: list[RowError] = []
    values: dict[str, Any] = {}
    for one in FIELDS:
        name = one.column.name
        try:
            values[one.name] = READERS[one.column.kind](row.values.get(name))
        except BadValueError as error:
            message = _("Column '{name}' {error}.", name=name, error=error.args[0])
            errors.append(RowError(row.line, name, message, sheet=row.sheet))
            values[one.name] = one.default
    values["entry_id"] = values["entry_id"] or derived_id(values["standard_question"])
    entry = Entry(**values)
    if entry.starts >= entry.ends:
        errors.append(
            RowError(
                row.line,
                "valid_until",
                _("Column 'valid_until' is not after 'valid_from'; correct one of them."),
                sheet=row.sheet,
            )
        )
    return errors or entry


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A valid row: the entry that it describes, and which columns it states."""

    line: int
    entry: Entry
    stated: frozenset[str]
    sheet: str = ""

    @property
    def place(self) -> Text:
        """Where it stands, for people."""
        return place_of(self.line, self.sheet)


def place_of(line: int, sheet: str = "") -> Text:
    """Where a row stands: its line, and its sheet where there are several."""
    return _("sheet '{sheet}', line {line}", sheet=sheet, line=line) if sheet else _("line {line}", line=line)


def read_entries(rows: Iterable[Row | RowError]) -> tuple[list[ReadRow], list[RowError]]:
    """Check rows by themselves and against each other.

    Returns:
        (every valid row, every error).
    """
    found: list[ReadRow] = []
    errors: list[RowError] = []
    first: dict[str, ReadRow] = {}
    for row in rows:
        if isinstance(row, RowError):
            errors.append(row)
            continue
        entry = read_entry(row)
        if isinstance(entry, list):
            errors.extend(replace(error, values=row.values) for error in entry)
        elif entry.entry_id in first:
            errors.append(replace(_repeated(row, entry, first[entry.entry_id]), values=row.values))
        else:
            first[entry.entry_id] = ReadRow(row.line, entry, frozenset(row.values), row.sheet)
            found.append(first[entry.entry_id])
    return found, errors


def derived_id(question: str) -> str:
    """An id made of the question alone: `q-` and 12 hexadecimal digits of the SHA-256 of its `match_key`."""
    return "q-" + hashlib.sha256(match_key(question).encode("utf-8")).hexdigest()[:12]


def _repeated(row: Row, entry: Entry, first: ReadRow) -> RowError:
    by_id = bool(line(row.values.get("id")))
    column = "id" if by_id else "question"
    # Without ids the two questions are the same wording, whatever their punctuation.
    same = first.entry if by_id else replace(first.entry, standard_question=entry.standard_question)
    if row.sheet != first.sheet:
        # One and the same row in two sheets has the names of both as its category.
        same = replace(same, category=entry.category)
    if entry == same:
        return RowError(
            row.line,
            column,
            _("The row says the same as {place} and is left out.", place=first.place),
            "duplicate",
            row.sheet,
        )
    if by_id:
        message = _(
            "Id '{entry_id}' is used in {place} already; give every row its own.",
            entry_id=entry.entry_id,
            place=first.place,
        )
    else:
        message = _("The question is the same as in {place}; merge the two rows or give them ids.", place=first.place)
    return RowError(row.line, column, message, "conflict", row.sheet)

"""A table as csv and xlsx hold it: a header, then rows of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from faqbot.formats.rows.columns import column_of
from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row, RowError
from faqbot.formats.rows.source import RawFile, Source, missing_question, shown_column
from faqbot.formats.vendors import TABLE_DIALECTS
from faqbot.formats.vendors.dialect import Record, TableDialect
from faqbot.knowledge import clean
from faqbot.language import _

_OTHER_SHEET = _("only one sheet is the knowledge base")


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of the table: where it starts in the file, from 1, and its cells."""

    number: int
    cells: Sequence[object]

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything but white space."""
        return not any(_filled(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and what follows it.

    Attributes:
        sheet: Name of the sheet; empty for csv.
        names: Headings, trimmed, empty ones at the end left out.
        lines: The rows that hold anything.
        dialect: The program whose headings these are; None when they are ours or nobody's.
    """

    sheet: str
    names: Sequence[str]
    lines: Sequence[TableLine]
    dialect: TableDialect | None

    @property
    def is_ours(self) -> bool:
        """Whether a heading is the question's."""
        return any(column_of(name) == "question" for name in self.names)


def read_table(source: Source, lines: Iterable[TableLine], encoding: str) -> RawFile:
    """Find the header, which is the first line that is not empty, and turn what follows into rows.

    Raises:
        MissingColumn: No column is the question, and no program is known to write such headings.
        UnreadableFile: There is nothing in it, or two columns mean the same.
        FileTooLarge: There are too many rows.
    """
    return read_sheets(source, [("", lines)], encoding)


def read_sheets(source: Source, sheets: Iterable[tuple[str, Iterable[TableLine]]], encoding: str) -> RawFile:
    """`read_table` for several sheets: the first that can be read counts, further ones where a program writes such.

    Raises:
        MissingColumn, UnreadableFile, FileTooLarge: As in `read_table`.
    """
    tables = [table for name, lines in sheets if (table := _table(source, name, lines))]
    if not tables:
        raise source.unreadable(_("it has no rows"))
    chosen = next((table for table in tables if table.dialect or table.is_ours), None)
    if chosen is None:
        raise missing_question(source, tables[0].names)
    losses = Losses()
    read = [chosen]
    if chosen.dialect:
        read = [table for table in tables if table.dialect is chosen.dialect]
        rows = [row for table in read for row in _foreign_rows(table, losses)]
    else:
        rows = _own_rows(source, chosen, losses)
    for table in tables:
        losses.add(
            _("sheet '{sheet}'", sheet=table.sheet[:40]), _OTHER_SHEET, len(table.lines) if table not in read else 0
        )
    return RawFile(rows, encoding, losses.all(), chosen.dialect.name if chosen.dialect else "")


def _table(source: Source, sheet: str, lines: Iterable[TableLine]) -> Table | None:
    filled = (line for line in lines if not line.is_empty)
    header = next(filled, None)
    if header is None:
        return None
    names = ["" if cell is None else " ".join(str(cell).split()) for cell in header.cells]
    while names and not names[-1]:
        # A spreadsheet pads the header to the width of its widest row.
        names.pop()
    rows = []
    for count, line in enumerate(filled, 1):
        source.check_rows(count)
        rows.append(line)
    headings = [_heading(name) for name in names]
    dialect = next((known for known in TABLE_DIALECTS if known.recognises(headings)), None)
    return Table(sheet, names, rows, dialect)


def _foreign_rows(table: Table, losses: Losses) -> Iterable[Row | RowError]:
    headings = [_heading(name) for name in table.names]
    records = []
    for line in table.lines:
        pairs = list(zip(headings, line.cells, strict=False))
        unnamed = [cell for name, cell in pairs if not name] + list(line.cells[len(headings) :])
        values = {name: cell for name, cell in pairs if name}
        records.append(Record(line.number, values, tuple(cell for cell in unnamed if _filled(cell))))
    return table.dialect.read(records, losses) if table.dialect else ()


def _own_rows(source: Source, table: Table, losses: Losses) -> list[Row | RowError]:
    columns = [column_of(name) for name in table.names]
    _refuse_twins(source, table.names, columns)
    for place, (name, column) in enumerate(zip(table.names, columns, strict=True)):
        if name and column is None:
            filled = sum(_filled(line.cells[place]) for line in table.lines if place < len(line.cells))
            losses.add(shown_column(name), count=filled)
    return [_own_row(line, columns) for line in table.lines]


def _heading(name: str) -> str:
    return clean(name).casefold()


def _refuse_twins(source: Source, names: Sequence[str], columns: Sequence[str | None]) -> None:
    first: dict[str, str] = {}
    for name, column in zip(names, columns, strict=True):
        if column in first:
            raise source.unreadable(
                _(
                    "columns '{first}' and '{name}' both mean '{column}'; keep one",
                    first=first[column],
                    name=name,
                    column=column,
                )
            )
        if column is not None:
            first[column] = name


def _own_row(line: TableLine, columns: Sequence[str | None]) -> Row | RowError:
    if any(_filled(cell) for cell in line.cells[len(columns) :]):
        # Most often an answer with a comma and no quotes; taken as it is, half of it would be lost.
        return RowError(
            line.number,
            "",
            _(
                "The row has more cells than the header's {count}; put cells that hold the separator in quotes.",
                count=len(columns),
            ),
        )
    return Row(line.number, {name: cell for name, cell in zip(columns, line.cells, strict=False) if name})


def _filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))

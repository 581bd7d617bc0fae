"""A table as csv and xlsx hold it: a header, then rows of cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from faqbot.formats.columns import column_of
from faqbot.formats.rows import Row, RowError
from faqbot.formats.source import RawFile, Source, missing_question, unused_note


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of the table: where it starts in the file, from 1, and its cells."""

    number: int
    cells: Sequence[object]

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything but white space."""
        return not any(_filled(cell) for cell in self.cells)


def read_table(source: Source, lines: Iterable[TableLine], encoding: str) -> RawFile:
    """Find the header, which is the first line that is not empty, and turn what follows into rows.

    Raises:
        MissingColumn: No column is the question.
        UnreadableFile: There is nothing in it, or two columns mean the same.
        FileTooLarge: There are too many rows.
    """
    filled = (line for line in lines if not line.is_empty)
    header = next(filled, None)
    if header is None:
        raise source.unreadable("it has no rows")
    names = ["" if cell is None else " ".join(str(cell).split()) for cell in header.cells]
    while names and not names[-1]:
        # A spreadsheet pads the header to the width of its widest row.
        names.pop()
    columns = [column_of(name) for name in names]
    if "question" not in columns:
        raise missing_question(source, names)
    _refuse_twins(source, names, columns)
    rows = list(_rows(source, filled, columns, names))
    return RawFile(rows, encoding, unused_note(names))


def _refuse_twins(source: Source, names: Sequence[str], columns: Sequence[str | None]) -> None:
    first: dict[str, str] = {}
    for name, column in zip(names, columns, strict=True):
        if column in first:
            raise source.unreadable(f"columns '{first[column]}' and '{name}' both mean '{column}', keep one")
        if column is not None:
            first[column] = name


def _rows(
    source: Source, lines: Iterable[TableLine], columns: Sequence[str | None], names: Sequence[str]
) -> Iterator[Row | RowError]:
    for count, line in enumerate(lines, 1):
        source.check_rows(count)
        if any(_filled(cell) for cell in line.cells[len(columns) :]):
            # Most often an answer with a comma and no quotes; taken as it is, half of it would be lost.
            yield RowError(
                line.number,
                "",
                f"The row has more cells than the header's {len(names)}; put cells that hold the separator in quotes.",
            )
            continue
        yield Row(line.number, {name: cell for name, cell in zip(columns, line.cells, strict=False) if name})


def _filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))

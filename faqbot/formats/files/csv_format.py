"""csv and tsv, whatever separates the cells; written for Excel, and safe to open there."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from faqbot.errors import UnreadableFile
from faqbot.formats.files.decoding import decode
from faqbot.formats.rows.columns import COLUMNS, UnreadableCell
from faqbot.formats.rows.headings import meaning_of
from faqbot.formats.rows.kinds import to_cells
from faqbot.formats.rows.source import RawFile, Source
from faqbot.formats.tables.header import SEARCHED_LINES
from faqbot.formats.tables.reading import read_table
from faqbot.formats.tables.sheet import Line, Sheet, column_name
from faqbot.knowledge import Entry
from faqbot.language import _

if TYPE_CHECKING:
    from _csv import Reader

_SEPARATORS = (",", ";", "\t", "|", "^", "~", "，", "；")
_SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?[ ,;\t]*(?:\r\n|\r|\n)', re.IGNORECASE)
# Enough of a file to see how it is separated.
_SAMPLE = 200_000
# A spreadsheet runs a cell that starts so as a formula. The apostrophes that may stand before it are counted too,
# so that taking one off again never reveals one.
_CUT_NUMBER = re.compile(r"-?\d(?:[.,]\d+)?E\+\d{2,3}")
_FORMULA = re.compile(rf"'*(?:[=+\-@\t\r\n＝＋－＠]|\s*{_CUT_NUMBER.pattern}\s*$)")
# The standard limit of 131,072 characters is less than an entry may hold.
csv.field_size_limit(100_000_000)


def read(source: Source) -> RawFile:
    """Read a csv file.

    Raises:
        UnreadableFile: It is no text, holds no rows, or a quote is not closed.
        MissingColumn: No column is the question.
        FileTooLarge: It has too many rows.
    """
    text, encoding = decode(source)
    text = text.replace("\x00", "")
    separator, start = _named_separator(text)
    lines = _lines(source, text[start:], separator or _separator(text), 2 if start else 1)
    return read_table(source, Sheet(lines, is_text=True), encoding)


def write(entries: Sequence[Entry]) -> bytes:
    """Write a csv file: UTF-8 with a mark, by which Excel knows it; cells that look like formulas get a `'`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in to_cells(entry)] for entry in entries)
    return out.getvalue().encode("utf-8-sig")


def _named_separator(text: str) -> tuple[str | None, int]:
    """The separator that a first line `sep=;` names for spreadsheet programs, and where the table begins."""
    found = _SEPARATOR_LINE.match(text)
    return (found[1], found.end()) if found else (None, 0)


def _separator(text: str) -> str:
    """The separator under which a line names most of our columns; else the one that cuts the lines most evenly."""
    sample = [line for line in io.StringIO(text[:_SAMPLE], newline=None) if line.strip(" \t\r\n,;|")]

    def fits(separator: str) -> tuple[int, int]:
        rows = [row for row in _rows(sample, separator) if any(cell.strip() for cell in row)]
        known = max((len({meaning_of(cell) for cell in row} - {None}) for row in rows[:SEARCHED_LINES]), default=0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return known, max(widths.values(), default=0)

    return max(_SEPARATORS, key=fits)


def _rows(lines: Iterable[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        return []


def _lines(source: Source, text: str, separator: str, first: int) -> list[Line]:
    try:
        # Strict, because otherwise one quote that is never closed swallows the rest of the file into a cell.
        return list(_split(source, csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), first))
    except UnreadableFile:
        if separator != "\t":
            raise
        # Programs that write tabs often write quotes as they are.
        plain = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
        return list(_split(source, plain, first))


def _split(source: Source, reader: Reader, first: int) -> Iterator[Line]:
    while True:
        start = reader.line_num + first
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise source.unreadable(
                _(
                    "the quotes of the row that starts in line {start} do not match; close them, and write a "
                    "quote inside a quoted cell twice",
                    start=start,
                )
            ) from None
        yield Line(start, [_cell(cell, start, column) for column, cell in enumerate(cells)])


def _cell(cell: str, line: int, column: int) -> object:
    """A cell without the guard of an export; a number that a spreadsheet has cut is none."""
    if _CUT_NUMBER.fullmatch(cell.strip()):
        return UnreadableCell(
            _(
                "shows {shown} in cell {cell}, a long number that the spreadsheet cut; format the cell as text and "
                "write the number anew",
                shown=cell.strip(),
                cell=f"{column_name(column)}{line}",
            )
        )
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def guarded(cell: str) -> str:
    """A cell such that no spreadsheet program runs it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell

"""csv and tsv: separated by comma, semicolon or tab; written for Excel, and safe to open there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from faqbot.errors import UnreadableFile
from faqbot.formats.files.decoding import decode
from faqbot.formats.files.table import TableLine, read_table
from faqbot.formats.rows.columns import COLUMNS, column_of
from faqbot.formats.rows.kinds import to_cells
from faqbot.formats.rows.source import RawFile, Source
from faqbot.knowledge import Entry
from faqbot.language import _

if TYPE_CHECKING:
    from _csv import Reader

_SEPARATORS = (",", ";", "\t")
# A spreadsheet runs a cell that starts so as a formula. The apostrophes that may stand before it are counted too,
# so that taking one off again never reveals one.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
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
    return read_table(source, _lines(source, text, _separator(text)), encoding)


def write(entries: Sequence[Entry]) -> bytes:
    """Write a csv file: UTF-8 with a mark, by which Excel knows it; cells that look like formulas get a `'`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_guarded(cell) for cell in to_cells(entry)] for entry in entries)
    return out.getvalue().encode("utf-8-sig")


def _separator(text: str) -> str:
    """The separator under which the first filled line names most of our columns."""
    header = next((line for line in io.StringIO(text, newline=None) if line.strip(" \t\r\n,;")), "")

    def known(separator: str) -> int:
        cells = next(csv.reader([header], delimiter=separator), [])
        return len({column_of(cell) for cell in cells} - {None})

    return max(_SEPARATORS, key=known)


def _lines(source: Source, text: str, separator: str) -> list[TableLine]:
    try:
        # Strict, because otherwise one quote that is never closed swallows the rest of the file into a cell.
        return list(_split(source, csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)))
    except UnreadableFile:
        if separator != "\t":
            raise
        # Programs that write tabs often write quotes as they are.
        plain = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE)
        return list(_split(source, plain))


def _split(source: Source, reader: Reader) -> Iterator[TableLine]:
    while True:
        start = reader.line_num + 1
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
        yield TableLine(start, [_unguarded(cell) for cell in cells])


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

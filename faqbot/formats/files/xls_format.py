"""xls, the workbooks of Excel 97 to 2003: what the sheets show. Read only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from faqbot.errors import FaqbotError
from faqbot.formats.cells.cell import CellNotes, of_the_country, shown_cell, shown_error, shown_link
from faqbot.formats.cells.rich import Run, rich_text
from faqbot.formats.files import xlsx_format
from faqbot.formats.files.xls_guard import check
from faqbot.formats.rows.source import RawFile, Source
from faqbot.formats.tables.reading import read_sheets
from faqbot.formats.tables.sheet import Line, Merge, Sheet
from faqbot.language import _

# Of fonts, 400 is normal and 700 is bold.
_BOLD = 600


def read(source: Source) -> RawFile:
    """Read an xls file; one that is an xlsx file under an old name is read as such.

    Raises:
        UnreadableFile: It is damaged, protected, no xls file, or holds no rows.
        MissingColumn: No column is the question.
        UnclearTable: A sheet looks like questions and answers, and somebody has to say which column is which.
        FileTooLarge: It has too many rows.
    """
    if source.data.startswith(b"PK"):
        return xlsx_format.read(source)
    try:
        sheets = list(_sheets(source))
    except FaqbotError:
        raise
    except Exception:  # whatever the library raises that meets a record that makes no sense
        raise source.unreadable(
            _("it is damaged, protected by a password, or no xls file; save it again as .xlsx")
        ) from None
    return read_sheets(source, sheets, "")


def _sheets(source: Source) -> Iterator[Sheet]:
    import xlrd  # Needed to read such a workbook only.

    check(source.data)
    # Ragged, so that two cells a world apart do not make the world.
    book = xlrd.open_workbook(
        file_contents=source.data, formatting_info=True, ragged_rows=True, logfile=io.StringIO(), on_demand=True
    )
    for sheet in book.sheets():
        source.check_rows(sheet.nrows - 1)
        reader = _Reader(book, sheet)
        yield Sheet(
            [reader.line(row) for row in range(sheet.nrows)],
            sheet.name,
            [Merge(top + 1, bottom, left, right - 1) for top, bottom, left, right in sheet.merged_cells],
            is_hidden=bool(sheet.visibility),
            extras=reader.notes.extras(),
        )


class _Reader:
    """Reads the cells of one sheet."""

    def __init__(self, book: Any, sheet: Any) -> None:  # noqa: ANN401
        self._book = book
        self._sheet = sheet
        self.notes = CellNotes(comments=len(sheet.cell_note_map))

    def line(self, row: int) -> Line:
        """A line; rows and columns count from 0 in the library."""
        info = self._sheet.rowinfo_map.get(row)
        cells = [self._cell(cell, row, column) for column, cell in enumerate(self._sheet.row(row))]
        return Line(row + 1, cells, bool(info and info.hidden))

    def _cell(self, cell: Any, row: int, column: int) -> object:  # noqa: ANN401
        shown = self._value(cell, row, column)
        link = self._sheet.hyperlink_map.get((row, column))
        if link is None:
            return shown
        address = link.url_or_path
        return shown_link(shown, address if isinstance(address, str) else "", self.notes)

    def _value(self, cell: Any, row: int, column: int) -> object:  # noqa: ANN401
        import xlrd

        if cell.ctype == xlrd.XL_CELL_TEXT:
            return self._text(cell.value, row, column)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return shown_cell(bool(cell.value), "", row + 1, column)
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return shown_error(xlrd.error_text_from_code.get(cell.value, "#ERROR"), row + 1, column)
        if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            return None
        key = self._book.xf_list[cell.xf_index].format_key
        code = of_the_country(key) or self._book.format_map[key].format_str
        return shown_cell(float(cell.value), code, row + 1, column, since_1904=bool(self._book.datemode))

    def _text(self, text: str, row: int, column: int) -> object:
        runs = self._sheet.rich_text_runlist_map.get((row, column))
        if not runs:
            return text
        # Offsets count halves of UTF-16.
        halves = text.encode("utf-16-le")
        starts = [(0, None), *((offset, self._book.font_list[font]) for offset, font in runs)]
        ends = [offset for offset, _font in starts[1:]] + [len(halves) // 2]
        return rich_text(
            Run(
                halves[2 * start : 2 * end].decode("utf-16-le", "ignore"),
                bold=bool(font and font.weight >= _BOLD),
                italic=bool(font and font.italic),
                struck=bool(font and font.struck_out),
            )
            for (start, font), end in zip(starts, ends, strict=True)
        )

"""The sheets of an xlsx workbook, cell by cell as they are shown."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel

from faqbot.formats.cells.cell import CellNotes, of_the_country, shown_cell, shown_error, shown_link
from faqbot.formats.cells.rich import Run, rich_text
from faqbot.formats.files.xlsx_marks import Marks, Workbook
from faqbot.formats.rows.source import Source
from faqbot.formats.tables.sheet import Line, Sheet


def sheets_of(source: Source, data: bytes, marks: Workbook) -> Iterator[Sheet]:
    """Every sheet of a workbook that the guard has found harmless.

    Raises:
        FileTooLarge: There are too many rows.
        Exception: Whatever the library raises that meets a part that makes no sense.
    """
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, rich_text=True)
    rows = 0
    for sheet in book.worksheets:
        # What a file says about its size is often wrong.
        sheet.reset_dimensions()
        part: str = getattr(sheet, "_worksheet_path")  # noqa: B009  # which the library's types do not tell
        reader = _Reader(marks.of_sheet(part), since_1904=book.epoch == CALENDAR_MAC_1904)
        lines = []
        for number, cells in enumerate(sheet.iter_rows(), 1):
            line = Line(
                number, [reader.cell(cell, number, place) for place, cell in enumerate(cells)], number in reader.hidden
            )
            rows += bool(line.filled)
            source.check_rows(rows - 1)
            lines.append(line)
        yield Sheet(
            lines,
            sheet.title,
            reader.merges,
            is_hidden=sheet.sheet_state != "visible",
            extras=reader.notes.extras(),
        )


class _Reader:
    """Reads the cells of one sheet."""

    def __init__(self, marks: Marks, *, since_1904: bool) -> None:
        self._marks = marks
        self._since_1904 = since_1904
        self.hidden = marks.hidden_rows
        self.merges = marks.merges
        self.notes = CellNotes(pictures=marks.pictures, comments=marks.comments)

    def cell(self, cell: Any, row: int, column: int) -> object:  # noqa: ANN401
        """What it shows."""
        place = (row, column)
        formula = self._marks.formulas.get(place)
        if place in self._marks.pictures_in:
            self.notes.pictures += 1
            return None
        if cell.value is None and formula is None and place not in self._marks.links:
            return None
        shown = self._value(cell, row, column)
        if formula is not None:
            shown = self.notes.formula(formula, shown, row, column)
        if place in self._marks.links:
            shown = shown_link(shown, self._marks.targets.get(self._marks.links[place], ""), self.notes)
        return shown

    def _value(self, cell: Any, row: int, column: int) -> object:  # noqa: ANN401
        value = cell.value
        if pieces := self._marks.styled.get((row, column)):
            return rich_text(
                Run(piece.text, "b" in piece.styles, "i" in piece.styles, "strike" in piece.styles) for piece in pieces
            )
        if isinstance(value, CellRichText):
            return rich_text(_run(part) for part in value)
        if cell.data_type == "e":
            return shown_error(str(value), row, column)
        if isinstance(value, bool | str) or value is None:
            return shown_cell(value, "", row, column)
        code = of_the_country(cell.style_array.numFmtId) or cell.number_format
        if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
            return shown_cell(float(to_excel(value)), code, row, column)  # type: ignore[no-untyped-call]
        return shown_cell(float(value), code, row, column, since_1904=self._since_1904)


def _run(part: TextBlock | str) -> Run:
    if isinstance(part, str):
        return Run(part)
    return Run(part.text or "", bold=bool(part.font.b), italic=bool(part.font.i), struck=bool(part.font.strike))

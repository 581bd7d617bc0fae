"""ods, the workbooks of LibreOffice: what the sheets show, which the file itself says. Read only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from faqbot.errors import FaqbotError
from faqbot.formats.cells.cell import CellNotes, shown_cell, shown_error, shown_link
from faqbot.formats.cells.rich import Run, rich_text
from faqbot.formats.files.xlsx_guard import check_unpacked
from faqbot.formats.rows.columns import RichText, UnreadableCell
from faqbot.formats.rows.source import RawFile, Source
from faqbot.formats.tables.reading import read_sheets
from faqbot.formats.tables.sheet import Line, Merge, Sheet
from faqbot.language import _

_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
_WIDEST = 16_384


def _tag(short: str) -> str:
    prefix, name = short.split(":")
    return f"{{{_SPACES[prefix]}}}{name}"


_ROW, _CELL, _COVERED = _tag("table:table-row"), _tag("table:table-cell"), _tag("table:covered-table-cell")
_ROWS_AGAIN, _CELLS_AGAIN = _tag("table:number-rows-repeated"), _tag("table:number-columns-repeated")
_P, _SPAN, _A = _tag("text:p"), _tag("text:span"), _tag("text:a")
_BREAK, _TAB, _BLANKS = _tag("text:line-break"), _tag("text:tab"), _tag("text:s")
_NOTE, _PICTURE = _tag("office:annotation"), _tag("draw:image")


def read(source: Source) -> RawFile:
    """Read an ods file.

    Raises:
        UnreadableFile: It is damaged, protected, no ods file, or holds no rows.
        MissingColumn: No column is the question.
        UnclearTable: A sheet looks like questions and answers, and somebody has to say which column is which.
        FileTooLarge: It has too many rows, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            check_unpacked(source, archive.getinfo("content.xml").file_size)
            content = archive.read("content.xml")
        text = content.decode("utf-8")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("entities")
        page = ElementTree.fromstring(text)  # noqa: S314  # without entities, of a bounded length
    except FaqbotError:
        raise
    except Exception:  # whatever the library raises that meets a damaged archive
        raise source.unreadable(
            _("it is damaged, protected by a password, or no ods file; save it again as .xlsx")
        ) from None
    styles = _styles(page)
    return read_sheets(source, [_sheet(source, table, styles) for table in page.iter(_tag("table:table"))], "")


def _styles(page: Element) -> dict[str, Element]:
    return {style.get(_tag("style:name"), ""): style for style in page.iter(_tag("style:style"))}


def _sheet(source: Source, table: Element, styles: dict[str, Element]) -> Sheet:
    reader = _Reader(styles)
    lines: list[Line] = []
    number, filled = 1, 0
    for row in table.iter(_ROW):
        again = _times(row.get(_ROWS_AGAIN))
        cells = reader.cells(row, number)
        hidden = row.get(_tag("table:visibility")) in ("collapse", "filter")
        if any(cell is not None for cell in cells):
            filled += again
            source.check_rows(filled - 1)
            lines += [Line(number + place, cells, hidden) for place in range(again)]
        elif lines and lines[-1].filled:
            # One empty line tells as much as a million.
            lines.append(Line(number, []))
        number += again
    style = styles.get(table.get(_tag("table:style-name"), ""))
    shown = style.find(_tag("style:table-properties")) if style is not None else None
    is_hidden = shown is not None and shown.get(_tag("table:display")) == "false"
    return Sheet(lines, table.get(_tag("table:name"), ""), reader.merges, is_hidden, extras=reader.notes.extras())


class _Reader:
    """Reads the cells of one sheet."""

    def __init__(self, styles: dict[str, Element]) -> None:
        self._styles = styles
        self.merges: list[Merge] = []
        self.notes = CellNotes()

    def cells(self, row: Element, number: int) -> list[object]:
        """What the cells of a row show; empty ones at the end left out."""
        found: list[object] = []
        for cell in row:
            if cell.tag not in (_CELL, _COVERED):
                continue
            again = _times(cell.get(_CELLS_AGAIN))
            shown = None if cell.tag == _COVERED else self._cell(cell, number, len(found))
            self._merge(cell, number, len(found))
            found += [shown] * min(again, _WIDEST - len(found))
        while found and found[-1] is None:
            found.pop()
        return found

    def _merge(self, cell: Element, number: int, column: int) -> None:
        rows = _times(cell.get(_tag("table:number-rows-spanned")))
        columns = _times(cell.get(_tag("table:number-columns-spanned")))
        if rows > 1 or columns > 1:
            self.merges.append(Merge(number, number + rows - 1, column, column + columns - 1))

    def _cell(self, cell: Element, row: int, column: int) -> object:
        self.notes.comments += sum(1 for note in cell.iter(_NOTE))
        self.notes.pictures += sum(1 for picture in cell.iter(_PICTURE))
        runs: list[Run] = []
        for paragraph in (part for part in cell if part.tag == _P):
            runs += [Run("\n")] if runs else []
            runs += self._runs(paragraph, Run(""))
        shown = rich_text(runs)
        plain = str(shown)
        kind = cell.get(_tag("office:value-type"))
        formula = cell.get(_tag("table:formula"), "")
        if formula and (cell.get(_tag("calcext:value-type")) == "error" or plain.startswith(("Err:", "#N"))):
            return shown_error(plain, row, column)
        if "HYPERLINK(" in formula.upper():
            return self.notes.formula(formula.removeprefix("of:"), plain, row, column)
        if kind in ("float", "percentage", "currency") and not isinstance(shown, RichText):
            return self._number(cell.get(_tag("office:value"), ""), plain, row, column)
        if not plain and kind in ("date", "time"):
            return cell.get(_tag("office:date-value")) or cell.get(_tag("office:time-value"))
        return self._linked(shown, cell) or None

    def _number(self, value: str, plain: str, row: int, column: int) -> object:
        """As it is shown, unless the digits that were meant are not."""
        judged = shown_cell(float(value), "General" if not plain or "E+" in plain else "0", row, column)
        return judged if isinstance(judged, UnreadableCell) or not plain or "E+" in plain else plain

    def _linked(self, shown: RichText | str, cell: Element) -> object:
        """A link that leads nowhere from outside is counted."""
        for link in cell.iter(_A):
            shown_link(None, link.get(_tag("xlink:href"), ""), self.notes)
        return shown

    def _runs(self, element: Element, style: Run) -> Iterator[Run]:
        def run(text: str | None) -> Run:
            return Run(text or "", style.bold, style.italic, style.struck, style.link)

        yield run(element.text)
        for part in element:
            if part.tag == _BREAK:
                yield run("\n")
            elif part.tag == _TAB:
                yield run("\t")
            elif part.tag == _BLANKS:
                yield run(" " * min(_times(part.get(_tag("text:c"))), 1000))
            elif part.tag in (_SPAN, _A):
                yield from self._runs(part, self._styled(part, style))
            yield run(part.tail)

    def _styled(self, part: Element, outer: Run) -> Run:
        style = self._styles.get(part.get(_tag("text:style-name"), ""))
        shown = style.find(_tag("style:text-properties")) if style is not None else None
        link = part.get(_tag("xlink:href"), "") if part.tag == _A else outer.link
        if shown is None:
            return Run("", outer.bold, outer.italic, outer.struck, link)
        line = shown.get(_tag("style:text-line-through-style"), "none")
        return Run(
            "",
            outer.bold or shown.get(_tag("fo:font-weight")) == "bold",
            outer.italic or shown.get(_tag("fo:font-style")) == "italic",
            outer.struck or line != "none",
            link,
        )


def _times(written: str | None) -> int:
    return min(int(written), 2_000_000) if written and written.isdecimal() else 1

"""xlsx and xlsm: what the sheets show; written as plain text, never as formulas or links."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

from faqbot.errors import FaqbotError, FileError
from faqbot.formats.files.xlsx_guard import checked
from faqbot.formats.rows.columns import COLUMNS
from faqbot.formats.rows.kinds import to_cells
from faqbot.formats.rows.source import RawFile, Source
from faqbot.formats.tables.reading import read_sheets
from faqbot.knowledge import Entry
from faqbot.language import _

# What Excel allows; a longer text would be left out without a word.
_MAX_CELL = 32_767
_WIDTHS = {"question": 40, "similar": 50, "answer": 70}


def read(source: Source) -> RawFile:
    """Read an xlsx file; formulas count as the value they had when the file was saved.

    Raises:
        UnreadableFile: It is damaged, no xlsx file, or holds no rows.
        MissingColumn: No column is the question.
        UnclearTable: A sheet looks like questions and answers, and somebody has to say which column is which.
        FileTooLarge: It has too many rows, or would take too much memory.
    """
    from faqbot.formats.files.xlsx_sheets import sheets_of  # Its library is needed to read a workbook only.

    data, marks = checked(source)
    try:
        with warnings.catch_warnings():
            # The library warns of what it leaves out: rules for input, printers' settings, dates that are none.
            warnings.simplefilter("ignore")
            sheets = list(sheets_of(source, data, marks))
    except FaqbotError:
        raise
    except Exception as error:  # whatever a library raises that meets a part that makes no sense
        raise source.unreadable(
            _("it is a damaged xlsx file ({error}); save it again", error=str(error)[:200] or type(error).__name__)
        ) from None
    return read_sheets(source, sheets, "")


def write(entries: Sequence[Entry]) -> bytes:
    """Write an xlsx file with one sheet, `faq`.

    Raises:
        FileError: A text is longer than a spreadsheet's cell may be.
    """
    import xlsxwriter  # Needed to write only; the start need not wait for its forty modules.

    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("faq")
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDTHS.get(name, 14))
            sheet.write_string(0, column, name, bold)
        for row, entry in enumerate(entries, 1):
            for column, cell in enumerate(to_cells(entry)):
                _check_length(entry, COLUMNS[column], cell)
                # write_string, unlike write, makes no formula of "=1+1" and no link of "https://".
                sheet.write_string(row, column, cell, wrapped)
    return packed.getvalue()


def _check_length(entry: Entry, column: str, cell: str) -> None:
    if len(cell) > _MAX_CELL:
        raise FileError(
            _(
                "Entry '{entry_id}' has {count:,} characters in '{column}', a spreadsheet's cell holds "
                "{most:,}; export to csv, json, jsonl or yaml.",
                entry_id=entry.entry_id,
                count=len(cell),
                column=column,
                most=_MAX_CELL,
            )
        )

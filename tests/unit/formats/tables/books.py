"""Workbooks as people make them, in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import xlsxwriter

from faqbot.formats import Choice, ParsedFile, read_bytes

Cells = Sequence[Sequence[object]]
Touch = Callable[..., None]


def book(sheets: dict[str, Cells], touch: Touch | None = None) -> bytes:
    """A workbook of these rows; `touch(workbook, sheets by name)` adds what rows do not say."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as made:
        found = {}
        for name, rows in sheets.items():
            found[name] = made.add_worksheet(name)
            for number, row in enumerate(rows):
                found[name].write_row(number, 0, row)
        if touch:
            touch(made, found)
    return packed.getvalue()


def read(sheets: dict[str, Cells], touch: Touch | None = None, choice: Choice | None = None) -> ParsedFile:
    """What is read of such a workbook."""
    return read_bytes(book(sheets, touch), "kb.xlsx", choice=choice or Choice())


def pairs(parsed: ParsedFile) -> list[tuple[str, str]]:
    """Its questions and answers, once no row was found at fault."""
    assert parsed.errors == ()
    return [(entry.standard_question, entry.answer) for _, entry in parsed.entries]

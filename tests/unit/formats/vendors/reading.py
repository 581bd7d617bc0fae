"""Reading a vendor's file in a test."""

from __future__ import annotations

import io
import json

import xlsxwriter

from faqbot.formats import ParsedFile, read_bytes
from faqbot.knowledge import Entry

Sheet = tuple[str, list[list[object]]]


def entries(parsed: ParsedFile) -> list[Entry]:
    """Its entries, once no row was found at fault."""
    assert parsed.errors == ()
    return [entry for _, entry in parsed.entries]


def lost(parsed: ParsedFile) -> dict[str, int]:
    """How many of each thing have no home."""
    return {loss.what: loss.count for loss in parsed.losses}


def read_json(value: object, name: str = "export.json") -> ParsedFile:
    return read_bytes(json.dumps(value, ensure_ascii=False, indent=2).encode(), name)


def read_sheets(*sheets: Sheet) -> ParsedFile:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return read_bytes(packed.getvalue(), "export.xlsx")

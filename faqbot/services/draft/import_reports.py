"""Import reports as they are kept with a job, zlib over JSON; and the error of one whose rows are refused."""

from __future__ import annotations

import json
import zlib

from faqbot.contract import from_json, to_json
from faqbot.errors import RowsRefused
from faqbot.formats import place_of
from faqbot.language import _
from faqbot.services.values.imports import ImportReport, RowVerdict, counts_of


def pack_report(report: ImportReport) -> bytes:
    """Write a report."""
    text = json.dumps(to_json(report), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"))


def unpack_report(block: bytes) -> ImportReport:
    """Read a report that `pack_report` wrote, in this release or an earlier one."""
    value = json.loads(zlib.decompress(block))
    # 0.1.0 did not count, and noted nothing.
    counts = counts_of(from_json(RowVerdict, row) for row in value["rows"])
    return from_json(ImportReport, {"counts": counts, "notes": [], "doubts": [], **value})


def refusal(report: ImportReport, most: int | None = None) -> RowsRefused:
    """The error of a file with refused rows, the first in its sentence, `most` of them (unset: all) in its details."""
    refused = report.refused
    first = refused[0]
    place = place_of(first.line, first.sheet)
    if first.column:
        place = _("{place}, column {column}", place=place, column=first.column)
    return RowsRefused(
        _(
            "{count} of {total} rows cannot be imported, so nothing was imported; {place}: {message}",
            # A row may break several rules.
            count=len({(row.sheet, row.line) for row in refused}),
            total=len({(row.sheet, row.line) for row in report.rows}),
            place=place,
            message=first.message,
        ),
        [to_json(row) for row in refused[:most]],
    )

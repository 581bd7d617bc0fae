"""Import reports as they are kept with a job, zlib over JSON; and the error of one whose rows are refused."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict

from faqbot.errors import RowsRefused
from faqbot.formats import Loss
from faqbot.language import _
from faqbot.services.values.replies import ImportReport, RowVerdict


def pack_report(report: ImportReport) -> bytes:
    """Write a report."""
    text = json.dumps(asdict(report), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"))


def unpack_report(block: bytes) -> ImportReport:
    """Read a report that `pack_report` wrote."""
    value = json.loads(zlib.decompress(block))
    rows = tuple(RowVerdict(**row) for row in value.pop("rows"))
    losses = tuple(Loss(**loss) for loss in value.pop("losses"))
    return ImportReport(**value, rows=rows, losses=losses)


def refusal(report: ImportReport, most: int | None = None) -> RowsRefused:
    """The error of a file with refused rows, the first in its sentence, `most` of them (unset: all) in its details."""
    refused = report.refused
    first = refused[0]
    place = _("line {line}", line=first.line)
    if first.column:
        place = _("{place}, column {column}", place=place, column=first.column)
    return RowsRefused(
        _(
            "{count} of {total} rows cannot be imported, so nothing was imported; {place}: {message}",
            count=len(refused),
            total=len(report.rows),
            place=place,
            message=first.message,
        ),
        [asdict(row) for row in refused[:most]],
    )

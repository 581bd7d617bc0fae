"""The rows that are not imported, as a file of the same shape with a column that says why, to mend and import."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faqbot.formats.files.csv_format import guarded
from faqbot.formats.rows.columns import COLUMNS, SIMILAR_SEPARATOR, RichText, UnreadableCell, cell_of

REASON = "reason"
"""The column that says why; importing leaves it aside."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that is not imported.

    Attributes:
        values: What it holds by column of ours, or by whatever its file calls it.
        reasons: One sentence for each fault.
    """

    values: Mapping[str, object]
    reasons: tuple[str, ...]


def rejected_bytes(format_name: str, rows: Sequence[Rejected]) -> bytes:
    """Write rows in the format that their file had; what can only be read (xls, ods) becomes xlsx.

    Args:
        format_name: As in `ParsedFile.format`.
        rows: In the order of their file.
    """
    names = [name for name in COLUMNS if any(name in row.values for row in rows)]
    names += [name for name in dict.fromkeys(name for row in rows for name in row.values) if name not in names]
    if format_name in ("json", "jsonl", "yaml"):
        records = [{**{name: _json(value) for name, value in row.values.items()}, REASON: _told(row)} for row in rows]
        return _records(format_name, records)
    table = [[*names, REASON]] + [[*(_text(row.values.get(name)) for name in names), _told(row)] for row in rows]
    return _csv(table) if format_name == "csv" else _xlsx(table)


def rejected_ending(format_name: str) -> str:
    """The ending of such a file's name."""
    return format_name if format_name in ("csv", "json", "jsonl", "yaml") else "xlsx"


def _told(row: Rejected) -> str:
    return " ".join(row.reasons)


def _records(format_name: str, records: Sequence[Mapping[str, object]]) -> bytes:
    if format_name == "jsonl":
        return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode("utf-8")
    # JSON is YAML too.
    return (json.dumps(records, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(table: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter  # Needed to write only.

    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("faq")
        for number, row in enumerate(table):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return packed.getvalue()


def _text(value: object) -> str:
    if isinstance(value, UnreadableCell) or value is None:
        return ""
    if isinstance(value, RichText):
        return value.markdown
    if isinstance(value, list | tuple):
        return cell_of([str(item) for item in value], "\n", SIMILAR_SEPARATOR)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)


def _json(value: object) -> object:
    return _text(value) if isinstance(value, UnreadableCell | RichText) else value

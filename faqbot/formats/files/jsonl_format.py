"""jsonl: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from faqbot.formats.files.decoding import decode
from faqbot.formats.files.json_format import DECODER, MISTAKES
from faqbot.formats.rows.rows import RowError
from faqbot.formats.rows.source import RawFile, Source, raw_file
from faqbot.formats.vendors import JSON_DIALECTS
from faqbot.formats.vendors.foreign import foreign_file, is_written_by
from faqbot.knowledge import Entry, to_record
from faqbot.language import _


def read(source: Source) -> RawFile:
    """Read a jsonl file; a line that is not valid JSON is an error of that row.

    Raises:
        UnreadableFile: It is no text.
        MissingColumn: No line has a question.
        FileTooLarge: It has too many lines.
    """
    text, encoding = decode(source)
    records = list(_records(text))
    objects = [record for _, record in records if not isinstance(record, RowError)]
    for dialect in JSON_DIALECTS:
        if not dialect.path and is_written_by(dialect, objects):
            return foreign_file(source, dialect, records, None, encoding)
    return raw_file(source, records, encoding)


def write(entries: Sequence[Entry]) -> bytes:
    """Write a jsonl file, UTF-8."""
    lines = (json.dumps(to_record(entry), ensure_ascii=False) for entry in entries)
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _records(text: str) -> Iterator[tuple[int, object]]:
    # Not splitlines, which also splits at separators that JSON allows inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _record(number, line)


def _record(number: int, line: str) -> object:
    try:
        return DECODER.decode(line.strip())
    except json.JSONDecodeError as error:
        return RowError(
            number,
            "",
            _(
                "The line is not valid JSON at column {column}; look there for {mistakes}.",
                column=error.colno,
                mistakes=MISTAKES,
            ),
        )
    except (ValueError, RecursionError):
        return RowError(number, "", _("The line is not valid JSON: something in it is too long or nested too deeply."))

"""The rows of a file that are not imported, as a file to mend and import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from faqbot.formats import ParsedFile, Rejected, rejected_bytes, rejected_ending
from faqbot.knowledge import to_record
from faqbot.services.values.imports import RowVerdict


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """Rows that are not imported.

    Attributes:
        name: Of the file.
        format: As in `ParsedFile`, or `xlsx` where that can only be read.
        count: How many rows there are.
        content: Its bytes.
    """

    name: str
    format: str
    count: int
    content: bytes


def rejected_file(name: str, parsed: ParsedFile, verdicts: Iterable[RowVerdict]) -> RejectedFile | None:
    """Write the refused rows with what is wrong with each; None where none is refused."""
    reasons: dict[tuple[str, int], list[str]] = {}
    for verdict in verdicts:
        if verdict.is_refused:
            reasons.setdefault((verdict.sheet, verdict.line), []).append(verdict.message)
    if not reasons:
        return None
    values = _values(parsed)
    rows = [Rejected(values.get(place, {}), tuple(said)) for place, said in reasons.items()]
    ending = rejected_ending(parsed.format)
    content = rejected_bytes(parsed.format, rows)
    return RejectedFile(f"{PurePath(name).stem}.rejected.{ending}", ending, len(rows), content)


def _values(parsed: ParsedFile) -> dict[tuple[str, int], Mapping[str, object]]:
    """What each row holds, by its place."""
    found: dict[tuple[str, int], Mapping[str, object]] = {}
    for (line, entry), stated, sheet in zip(parsed.entries, parsed.stated, parsed.sheets, strict=True):
        found[sheet, line] = {name: value for name, value in to_record(entry).items() if name in stated}
    for error in parsed.errors:
        found[error.sheet, error.line] = error.values
    return found

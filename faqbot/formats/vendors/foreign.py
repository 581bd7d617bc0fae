"""A foreign JSON file to rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row, RowError
from faqbot.formats.rows.source import RawFile, Source
from faqbot.formats.vendors.dialect import JsonDialect, Record
from faqbot.language import _


def is_written_by(dialect: JsonDialect, records: object) -> bool:
    """Whether a value is a list of this program's records, judged by the first."""
    if not isinstance(records, list) or not records or not isinstance(records[0], Mapping):
        return False
    return dialect.recognises(frozenset(str(name).lower() for name in records[0]))


def foreign_file(
    source: Source, dialect: JsonDialect, records: Sequence[tuple[int, object]], whole: object, encoding: str
) -> RawFile:
    """Read records by a program's rules.

    Args:
        source: The file.
        dialect: The program's rules.
        records: (line, record); what is no object becomes an error of its row.
        whole: The file as a value, for what stands beside the records.
        encoding: The text encoding that was found.

    Raises:
        FileTooLarge: There are too many.
    """
    source.check_rows(len(records))
    losses = Losses()
    good = [Record(line, record) for line, record in records if isinstance(record, Mapping)]
    bad = [_error(dialect, line, record) for line, record in records if not isinstance(record, Mapping)]
    rows: Iterable[Row | RowError] = dialect.read(good, whole, losses)
    return RawFile([*rows, *bad], encoding, losses.all(), dialect.name)


def _error(dialect: JsonDialect, line: int, record: object) -> RowError:
    if isinstance(record, RowError):
        return record
    return RowError(line, "", _("The record is no object as {name} writes them; leave it out.", name=dialect.name))

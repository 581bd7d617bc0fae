"""A file on its way in: its bytes, its limits, and what a format makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from faqbot.errors import FileTooLarge, MissingColumn, UnreadableFile
from faqbot.formats.rows.choice import Choice
from faqbot.formats.rows.columns import COLUMNS, column_of
from faqbot.formats.rows.headings import meaning_of
from faqbot.formats.rows.losses import Loss, Losses
from faqbot.formats.rows.rows import Row, RowError
from faqbot.language import Text, _


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be.

    Attributes:
        megabytes: Of the file itself, in units of 1,000,000 bytes.
        rows: Entries in it.
        unpacked_megabytes: Of what an xlsx file unpacks to, and of the text in its cells.
    """

    megabytes: float = 20
    rows: int = 50_000
    unpacked_megabytes: float = 200


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one file.

    Attributes:
        name: For messages.
        data: Its content.
        limits: What it must not exceed.
        choice: What a person says about its tables.
    """

    name: str
    data: bytes
    limits: Limits
    choice: Choice = field(default_factory=Choice)

    def check_size(self) -> None:
        """Refuse a file that is empty or too large.

        Raises:
            FileTooLarge: It exceeds the limit.
            UnreadableFile: It has no bytes.
        """
        if len(self.data) > self.limits.megabytes * 1e6:
            raise FileTooLarge(
                _(
                    "{file} has {size:.1f} MB, at most {limit:g} MB are read; split it.",
                    file=self.name,
                    size=len(self.data) / 1e6,
                    limit=self.limits.megabytes,
                )
            )
        if not self.data.strip():
            raise self.unreadable(_("it is empty"))

    def check_rows(self, count: int) -> None:
        """Refuse more rows than the limit.

        Raises:
            FileTooLarge: There are more.
        """
        if count > self.limits.rows:
            raise FileTooLarge(
                _(
                    "{file} has more than the {limit:,} rows that are read; split it.",
                    file=self.name,
                    limit=self.limits.rows,
                )
            )

    def unreadable(self, why: str) -> UnreadableFile:
        """The error of a file that is damaged or not what its name says."""
        return UnreadableFile(_("{file} cannot be read: {why}.", file=self.name, why=why))


class RepeatedNames(dict[str, object]):
    """A record that gives a name twice, as JSON allows; it holds the last value.

    Attributes:
        names: Those that are repeated.
    """

    names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as its format read it, before the row rules.

    Attributes:
        rows: Rows, and errors of what could not even become a row, in the order of the file.
        encoding: Text encoding that was found; empty for xlsx.
        losses: What was left aside.
        origin: The program whose export it is; empty for our own columns.
        notes: What was found where, for people.
        doubts: What was taken for something without being told.
    """

    rows: Sequence[Row | RowError]
    encoding: str
    losses: tuple[Loss, ...] = ()
    origin: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def raw_file(source: Source, records: Iterable[tuple[int, object]], encoding: str) -> RawFile:
    """Make a file of records, which are names and values: json, jsonl, yaml.

    Args:
        source: The file.
        records: (line, record); a `RowError` as a record stays one, anything but a mapping becomes one.
        encoding: The text encoding that was found.

    Raises:
        MissingColumn: There are records, and none has a question.
        FileTooLarge: There are too many.
    """
    rows: list[Row | RowError] = []
    names: dict[str, None] = {}
    losses = Losses()
    asking = False
    for line, record in records:
        source.check_rows(len(rows) + 1)
        columns = _columns(record, source.choice) if isinstance(record, Mapping) else {}
        rows.append(_row(line, record, columns))
        asking = asking or "question" in columns.values()
        if isinstance(record, Mapping):
            names.update(dict.fromkeys(str(name) for name in record))
            for name, value in record.items():
                if str(name) not in columns and value not in (None, "", []):
                    losses.add(shown_column(str(name)))
    if names and not asking:
        raise missing_question(source, list(names))
    return RawFile(rows, encoding, losses.all())


def missing_question(source: Source, found: Sequence[str]) -> MissingColumn:
    """The error of a file whose columns do not include the question."""
    names = [f"'{name[:40]}'" for name in found[:8] if name] or _("nothing")
    more = _(" and {count} more", count=len(found) - 8) if len(found) > 8 else ""
    return MissingColumn(
        _(
            "{file} has no column 'question' (also 问题 or 标准问); it has {names}{more}. Say which one it is: "
            "map question=HEADING.",
            file=source.name,
            names=names,
            more=more,
        )
    )


def shown_column(name: str) -> Text:
    """A column's name for people, cut where it is long."""
    return _("column '{name}'", name=name[:40])


def _columns(record: Mapping[str, object], choice: Choice) -> dict[str, str]:
    """Our columns by the record's names: those that were chosen, else our own names, else words that mean the same."""
    chosen = {heading: column for column, heading in choice.columns.items()}
    taken = set(chosen.values())
    columns = {
        str(name): chosen.get(str(name)) or column_of(name)
        for name in record
        if str(name) in chosen or column_of(name) not in taken
    }
    found = {name: column for name, column in columns.items() if column}
    for name in record:
        meaning = meaning_of(name)
        if str(name) not in found and meaning in COLUMNS and meaning not in {*taken, *found.values()}:
            found[str(name)] = meaning
    return found


def _row(line: int, record: object, columns: Mapping[str, str]) -> Row | RowError:
    if isinstance(record, RowError):
        return record
    if not isinstance(record, Mapping):
        return RowError(
            line, "", _("The entry is not an object with names and values such as 'question' and 'answer'.")
        )
    twice = [column for name in getattr(record, "names", ()) if (column := column_of(name))]
    if twice:
        return RowError(line, twice[0], _("The entry has two values for '{column}'; keep one.", column=twice[0]))
    values: dict[str, object] = {}
    for name, value in record.items():
        column = columns.get(str(name))
        if column in values:
            return RowError(line, column, _("The entry has two values for '{column}'; keep one.", column=column))
        if column is not None:
            values[column] = value
    return Row(line, values)

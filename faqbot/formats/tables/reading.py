"""The sheets of a file: which of them hold questions and answers, and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from faqbot.errors import UnclearTable
from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row, RowError
from faqbot.formats.rows.source import RawFile, Source, missing_question, shown_column
from faqbot.formats.tables.body import read_body
from faqbot.formats.tables.header import Header, find_header
from faqbot.formats.tables.looks import looks_of
from faqbot.formats.tables.sheet import Sheet, column_name, is_filled
from faqbot.formats.vendors import TABLE_DIALECTS
from faqbot.formats.vendors.dialect import Record, TableDialect
from faqbot.knowledge import clean
from faqbot.language import Text, _, _n

_OTHER_SHEET = _("the program keeps no questions there")
_NOT_CHOSEN = _("it is not among the sheets that were asked for")
_SAME_NUMBERS = _("several sheets use the same numbers, so they are no ids")
_NO_QUESTIONS = _("no heading in it means a question, and no column looks like questions and answers")


@dataclass(frozen=True, slots=True)
class _Found:
    """A sheet, and what is known of it.

    Attributes:
        header: Of its table; None where it has none.
        unclear: Why it cannot be read although it looks like questions and answers; empty where there is no doubt.
        aside: Why it is left aside; empty where it is read.
    """

    sheet: Sheet
    header: Header | None = None
    unclear: Text | str = ""
    aside: Text | str = ""


def read_table(source: Source, sheet: Sheet, encoding: str) -> RawFile:
    """`read_sheets` for a file that is one table."""
    return read_sheets(source, [sheet], encoding)


def read_sheets(source: Source, sheets: Iterable[Sheet], encoding: str) -> RawFile:
    """Find the tables of questions and answers, and turn what stands below their headers into rows.

    Raises:
        MissingColumn: No column is the question, and no program is known to write such headings.
        UnclearTable: A sheet looks like questions and answers, and somebody has to say which column is which.
        UnreadableFile: There is nothing in it.
        FileTooLarge: There are too many rows.
    """
    filled = [sheet for sheet in sheets if any(line.filled for line in sheet.lines)]
    if not filled:
        raise source.unreadable(_("it has no rows"))
    source.check_rows(sum(sum(bool(line.filled) for line in sheet.lines) - 1 for sheet in filled))
    if not source.choice.columns:
        dialects = [_dialect(sheet) for sheet in filled]
        dialect = next((one for one in dialects if one), None)
        if dialect:
            others = [_judged(source, sheet) for sheet, one in zip(filled, dialects, strict=True) if one is not dialect]
            theirs = [sheet for sheet, one in zip(filled, dialects, strict=True) if one is dialect]
            return _foreign(source, dialect, theirs, others, encoding)
    return _own(source, [_judged(source, sheet) for sheet in filled], encoding)


def _own(source: Source, found: Sequence[_Found], encoding: str) -> RawFile:
    read = _settled(source, found)
    several = len(found) > 1
    losses = Losses()
    rows: list[Row | RowError] = []
    notes: list[Text | str] = []
    doubts: list[Text | str] = []
    for one in read:
        if one.header is None:
            continue
        body = read_body(one.sheet, one.header, losses)
        name = one.sheet.name if len(read) > 1 else ""
        rows += [replace(row, sheet=name) for row in body.rows]
        if several or one.header.start:
            notes.append(_read_note(one.sheet, one.header, len(body.rows)))
        notes += [_in_sheet(one.sheet, note) for note in body.notes]
        if one.sheet.is_hidden:
            notes.append(_in_sheet(one.sheet, _("the sheet is hidden in the file and was read too")))
        if one.header.guessed:
            doubts.append(_doubt(one.sheet, one.header))
        for extra in one.sheet.extras:
            losses.add(extra.what, extra.why, extra.count)
    for one in found:
        if one.aside:
            losses.add(_sheet(one.sheet), one.aside, sum(bool(line.filled) for line in one.sheet.lines))
    return RawFile(_without_numbers(rows, losses), encoding, losses.all(), notes=tuple(notes), doubts=tuple(doubts))


def _without_numbers(rows: list[Row | RowError], losses: Losses) -> list[Row | RowError]:
    """Without the ids, where sheets count their rows anew, so that these are none."""
    sheets: dict[str, set[str]] = {}
    for row in rows:
        if isinstance(row, Row) and (number := str(row.values.get("id") or "")).isdecimal():
            sheets.setdefault(number, set()).add(row.sheet)
    if not any(len(found) > 1 for found in sheets.values()):
        return rows
    losses.add(
        shown_column("id"), _SAME_NUMBERS, sum(isinstance(row, Row) and bool(row.values.get("id")) for row in rows)
    )
    return [
        replace(row, values={name: cell for name, cell in row.values.items() if name != "id"})
        if isinstance(row, Row)
        else row
        for row in rows
    ]


def _judged(source: Source, sheet: Sheet) -> _Found:
    if not source.choice.takes(sheet.name):
        return _Found(sheet, aside=_NOT_CHOSEN)
    header = find_header(sheet, source.choice)
    if header and header.twins:
        first, second = header.twins[0]
        meaning = header.columns[first]
        return _Found(
            sheet,
            header,
            _(
                "its columns '{first}' and '{name}' both mean '{column}'",
                first=header.names[first][:40],
                name=header.names[second][:40],
                column=meaning,
            ),
        )
    if header and header.place_of("question") is not None:
        no_answers = header.place_of("answer") is None
        return _Found(sheet, header, _("it has questions and no column of answers") if no_answers else "")
    if looks_of([line for line in sheet.lines if line.filled]).question is not None and not source.choice.columns:
        return _Found(sheet, None, _("it looks like questions, and no column looks like their answers"))
    return _Found(sheet, aside=_NO_QUESTIONS)


def _settled(source: Source, found: Sequence[_Found]) -> list[_Found]:
    """The sheets to read, once none is left that somebody has to decide on."""
    if unknown := [
        name for name in source.choice.sheets if not any(source.choice.names(name, one.sheet.name) for one in found)
    ]:
        raise source.unreadable(
            _(
                "it has no sheet '{name}' with anything in it; it has {sheets}",
                name=unknown[0],
                sheets=[f"'{one.sheet.name}'" for one in found],
            )
        )
    candidates = [one for one in found if not one.aside]
    if len(candidates) == 1 and candidates[0].header and not candidates[0].header.twins:
        # Questions alone are enough for a draft, where nothing else is in the file.
        return candidates
    for one in candidates:
        if one.unclear and (one.header is not None or len(found) > 1):
            raise UnclearTable(
                _(
                    "{file}: {why}. Say which column is which (map question=HEADING and answer=HEADING), or which "
                    "sheets to read.",
                    file=source.name,
                    why=_in_sheet(one.sheet, one.unclear),
                )
            )
    read = [one for one in candidates if not one.unclear]
    if not read:
        raise missing_question(source, _first_names(found[0].sheet))
    return read


def _first_names(sheet: Sheet) -> list[str]:
    line = next(line for line in sheet.lines if line.filled)
    return [" ".join(line.text(place).split()) for place in line.filled]


def _sheet(sheet: Sheet) -> Text:
    return _("sheet '{sheet}'", sheet=sheet.name[:40])


def _in_sheet(sheet: Sheet, note: Text | str) -> Text | str:
    return _("{sheet}: {note}", sheet=_sheet(sheet), note=note) if sheet.name else note


def _read_note(sheet: Sheet, header: Header, count: int) -> Text | str:
    line = sheet.lines[header.start].number
    return _in_sheet(
        sheet,
        _n("{count} row below line {line} was read", "{count} rows below line {line} were read", count, line=line),
    )


def _doubt(sheet: Sheet, header: Header) -> Text | str:
    columns = [
        _("column {letter} as the {column}", letter=_letter(place, header), column=column)
        for place, column in header.columns.items()
        if column in header.guessed
    ]
    return _in_sheet(sheet, _("no heading says so; by its contents, {columns} was taken", columns=columns))


def _letter(place: int, header: Header) -> str:
    name = header.names.get(place)
    return f"{column_name(place)} ('{name[:40]}')" if name else column_name(place)


def _dialect(sheet: Sheet) -> TableDialect | None:
    headings = [heading.casefold() for heading in _headings(sheet)]
    return next((known for known in TABLE_DIALECTS if known.recognises(headings)), None)


def _headings(sheet: Sheet) -> list[str]:
    """The first filled line, as programs write it; empty headings at the end left out."""
    line = next(line for line in sheet.lines if line.filled)
    return [clean(" ".join(line.text(place).split())) for place in range(line.filled[-1] + 1)]


def _foreign(
    source: Source, dialect: TableDialect, sheets: Sequence[Sheet], others: Sequence[_Found], encoding: str
) -> RawFile:
    """The sheets that a program wrote, and those that people have put beside them."""
    losses = Losses()
    rows: list[Row | RowError] = []
    several = len(sheets) > 1
    for sheet in sheets:
        read = dialect.read(_records(sheet), losses)
        rows += [replace(row, sheet=sheet.name) for row in read] if several else read
        for extra in sheet.extras:
            losses.add(extra.what, extra.why, extra.count)
    beside = [one for one in others if one.header and not one.unclear]
    own = _own(source, beside, encoding) if beside else RawFile([], encoding)
    for one in others:
        if one not in beside:
            losses.add(_sheet(one.sheet), _OTHER_SHEET, sum(bool(line.filled) for line in one.sheet.lines) - 1)
    return RawFile([*rows, *own.rows], encoding, (*losses.all(), *own.losses), dialect.name, own.notes, own.doubts)


def _records(sheet: Sheet) -> list[Record]:
    headings = [heading.casefold() for heading in _headings(sheet)]
    records = []
    for line in [line for line in sheet.lines if line.filled][1:]:
        pairs = list(zip(headings, line.cells, strict=False))
        unnamed = [cell for name, cell in pairs if not name] + list(line.cells[len(headings) :])
        values = {name: cell for name, cell in pairs if name}
        records.append(Record(line.number, values, tuple(cell for cell in unnamed if is_filled(cell))))
    return records

"""The rows of a table below its header, with what people put between and around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from faqbot.formats.rows.headings import NUMBER, is_given_by_a_program
from faqbot.formats.rows.losses import NO_FIELD, Losses
from faqbot.formats.rows.rows import Row, RowError
from faqbot.formats.rows.source import shown_column
from faqbot.formats.tables.header import Header, header_at, is_header
from faqbot.formats.tables.merging import Merged
from faqbot.formats.tables.sheet import Line, Sheet, is_filled
from faqbot.language import Text, _, _n

_ABOVE = _("text above the table"), _("it is no question")
_BELOW = _("notes below the table"), _("they are no questions")
_NUMBERS = _("running numbers change when a row is put in between, so they are no ids")
_NO_HEADING = _("cells without a heading"), _("nothing says what they mean")
_NOTE = re.compile(
    r"(?:[*※]|注|备注|備註|说明|說明|来源|來源|更新|note|n\.?b\.?|source|last updated|hinweis|nota)", re.IGNORECASE
)


@dataclass
class _Item:
    """A line of the body: a row, or a title between rows."""

    line: Line
    header: Header
    is_title: bool
    after_gap: bool

    @property
    def is_alone(self) -> bool:
        """Whether it holds a single text, so that it may be no row."""
        return self.is_title or len(self.line.filled) == 1


@dataclass
class Body:
    """What became of a table's lines.

    Attributes:
        rows: Rows, and errors of those that cannot become one.
        notes: What a reader should know of them.
    """

    rows: list[Row | RowError] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def read_body(sheet: Sheet, header: Header, losses: Losses) -> Body:
    """Make rows of the lines below a header, and count what is none."""
    losses.add(*_ABOVE, sum(bool(line.filled) for line in sheet.lines[: header.start]))
    merged = Merged(sheet, header)
    items = _without_notes(list(_items(sheet, header, merged, losses)), losses)
    for one in {id(item.header): item.header for item in items}.values() or [header]:
        _count_other_columns([item.line for item in items if item.header is one], one, losses)
    body = Body()
    section = ""
    sheet_name = "" if is_given_by_a_program(sheet.name) else sheet.name
    for item in items:
        if item.is_title:
            section = item.line.text(item.line.filled[0])
            continue
        row = _row(item, sheet, losses)
        if isinstance(row, Row):
            row = _categorised(row, section, sheet_name)
        body.rows.append(row)
    body.rows = merged.joined(body.rows)
    hidden = sum(item.line.is_hidden for item in items if not item.is_title)
    if hidden:
        body.notes.append(
            _n(
                "{count} row is hidden in the file and was read too",
                "{count} rows are hidden in the file and were read too",
                hidden,
            )
        )
    return body


def _items(sheet: Sheet, header: Header, merged: Merged, losses: Losses) -> Iterator[_Item]:
    lines, index, after_gap = sheet.lines, header.end, False
    waiting: list[_Item] = []
    while index < len(lines):
        line = lines[index]
        if not _says_something(line, header):
            losses.add(*_NO_HEADING, sum(place not in header.names for place in line.filled))
            index, after_gap = index + 1, True
            continue
        if is_header(line):
            # The next table of this sheet, or the same header on the next page; a title may stand above it.
            losses.add(*_ABOVE, len(waiting))
            waiting = []
            header = header_at(sheet, index)
            index, after_gap = header.end, False
            continue
        item = _Item(
            merged.filled(line), header, not merged.goes_on(line) and _is_title(line, header, sheet), after_gap
        )
        if len(line.filled) > 1 or (not item.after_gap and not waiting and not item.is_title):
            yield from waiting
            waiting = []
            yield item
        else:
            # Known to be a row once more rows follow.
            waiting.append(item)
        index, after_gap = index + 1, False
    yield from waiting


def _says_something(line: Line, header: Header) -> bool:
    """Whether there is more in it than a running number that was there before the row, or a remark beside the table."""
    last = max(header.columns, default=0)
    return any(
        place in header.columns
        or (place < last and header.aside.get(place) is None)
        or (header.aside.get(place) == NUMBER and not _is_number(line.text(place)))
        for place in line.filled
    )


def _is_number(text: str) -> bool:
    return not any(character.isalpha() for character in text)


def _is_title(line: Line, header: Header, sheet: Sheet) -> bool:
    """Whether a line holds nothing but a name for the rows below it."""
    if len(line.filled) != 1 or sheet.is_text:
        return False
    place = line.filled[0]
    if header.columns.get(place, "category") == "category":
        return True
    return any(merge.top == line.number == merge.bottom and merge.left == place < merge.right for merge in sheet.merges)


def _without_notes(items: list[_Item], losses: Losses) -> list[_Item]:
    """Leave out what stands below the table: single texts behind a gap, or that call themselves notes."""
    start = len(items)
    while start and items[start - 1].is_alone:
        start -= 1
    has_answers = any(item.header.place_of("answer") is not None for item in items)
    for index in range(start if has_answers and start else len(items), len(items)):
        item = items[index]
        if item.is_title or item.after_gap or _NOTE.match(item.line.text(item.line.filled[0])):
            losses.add(*_BELOW, len(items) - index)
            return items[:index]
    return items


def _count_other_columns(lines: Sequence[Line], header: Header, losses: Losses) -> None:
    for place, name in header.names.items():
        if place not in header.columns:
            filled = sum(place < len(line.cells) and is_filled(line.cells[place]) for line in lines)
            losses.add(shown_column(name), _NUMBERS if header.aside.get(place) == NUMBER else NO_FIELD, filled)


def _row(item: _Item, sheet: Sheet, losses: Losses) -> Row | RowError:
    line, header = item.line, item.header
    width = max((*header.names, *header.columns), default=-1) + 1
    if sheet.is_text and any(is_filled(cell) for cell in line.cells[width:]):
        # Most often an answer with a comma and no quotes; taken as it is, half of it would be lost.
        return RowError(
            line.number,
            "",
            _(
                "The row has more cells than the header's {count}; put cells that hold the separator in quotes.",
                count=width,
            ),
            values={**_values(line, header.columns), "surplus": " | ".join(str(cell) for cell in line.cells[width:])},
        )
    losses.add(*_NO_HEADING, sum(place not in header.names and place not in header.columns for place in line.filled))
    return Row(line.number, _values(line, header.columns))


def _values(line: Line, columns: Mapping[int, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for place, column in columns.items():
        cell = line.cells[place] if place < len(line.cells) else None
        if column not in values:
            values[column] = cell
        elif is_filled(cell):
            # Several columns of similar questions are one.
            values[column] = f"{values[column]}\n{cell}" if is_filled(values[column]) else cell
    return values


def _categorised(row: Row, section: str, sheet_name: str) -> Row:
    """With the title that stands above it, or the sheet's name, where the row names no category."""
    if section and not is_filled(row.values.get("category")):
        return replace(row, values={**row.values, "category": section})
    if sheet_name and "category" not in row.values:
        return replace(row, values={**row.values, "category": sheet_name})
    return row

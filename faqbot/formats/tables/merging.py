"""Cells that are shown as one over several lines: what the lines below the first one get."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from faqbot.formats.rows.rows import Row, RowError
from faqbot.formats.tables.header import Header
from faqbot.formats.tables.sheet import Line, Merge, Sheet, is_filled

_JOINED = frozenset({"similar", "answer", "tags", "attachments"})


class Merged:
    """The merged cells of a table's body."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        """Find what each line gets from above; the work is linear in lines and merges of a column."""
        self._given: dict[int, dict[int, object]] = {}
        self._question_of: dict[int, int] = {}
        numbers = [line.number for line in sheet.lines]
        question = header.place_of("question")
        for merge in _apart(sheet.merges):
            lines = sheet.lines[bisect_left(numbers, merge.top) : bisect_left(numbers, merge.bottom + 1)]
            if not lines or merge.left >= len(lines[0].cells):
                continue
            for line in lines[1:]:
                if merge.left == question:
                    self._question_of[line.number] = merge.top
                else:
                    self._given.setdefault(line.number, {})[merge.left] = lines[0].cells[merge.left]

    def goes_on(self, line: Line) -> bool:
        """Whether a line belongs to the question above it."""
        return line.number in self._question_of

    def filled(self, line: Line) -> Line:
        """The line with what it shows of the merged cells above it."""
        given = self._given.get(line.number)
        if not given:
            return line
        cells = list(line.cells) + [None] * (max(given) + 1 - len(line.cells))
        for place, cell in given.items():
            if not is_filled(cells[place]):
                cells[place] = cell
        return replace(line, cells=cells)

    def joined(self, rows: Sequence[Row | RowError]) -> list[Row | RowError]:
        """One row for each question, also where it stands beside several lines of wordings or of its answer."""
        found: dict[int, Row | RowError] = {}
        for row in rows:
            top = self._question_of.get(row.line, row.line)
            first = found.get(top)
            if isinstance(first, Row) and isinstance(row, Row):
                found[top] = replace(first, values=_joined(first, row))
            else:
                found.setdefault(row.line if isinstance(first, RowError) else top, row)
        return list(found.values())


def _joined(first: Row, second: Row) -> dict[str, object]:
    values = dict(first.values)
    for column, cell in second.values.items():
        before = values.get(column)
        if not is_filled(cell) or cell == before:
            continue
        if not is_filled(before):
            values[column] = cell
        elif column in _JOINED:
            values[column] = f"{before}\n{cell}"
    return values


def _apart(merges: Iterable[Merge]) -> list[Merge]:
    """Those that span lines, without overlaps, which no spreadsheet program writes."""
    found: list[Merge] = []
    for merge in sorted(merges, key=lambda merge: (merge.left, merge.top)):
        if merge.bottom > merge.top and (not found or found[-1].left != merge.left or found[-1].bottom < merge.top):
            found.append(merge)
    return found

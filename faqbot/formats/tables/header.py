"""Where a table begins, and what its columns are: by its headings, else by what stands below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faqbot.formats.rows.choice import Choice
from faqbot.formats.rows.headings import LONGEST, NUMBER, REMARK, folded, is_heading, meaning_of, names_a_column
from faqbot.formats.tables.looks import is_question, looks_of
from faqbot.formats.tables.sheet import Line, Sheet, column_place

SEARCHED_LINES = 20
"""How many lines that hold anything are looked through for the headings."""

_LETTERS = re.compile(r"[A-Za-z]{1,3}")

SEVERAL = frozenset({"similar", "tags", "attachments"})
"""Columns that a table may have more than once."""


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a table.

    Attributes:
        start: Index of its first line; that of the first row where there is no heading.
        end: Index of the first line below it.
        names: Headings by place.
        columns: Columns of ours by place.
        aside: Places of running numbers and remarks.
        guessed: Columns of ours that were judged by what stands in them.
        twins: Places of columns that mean what another one means already.
    """

    start: int
    end: int
    names: Mapping[int, str]
    columns: Mapping[int, str]
    aside: Mapping[int, str]
    guessed: tuple[str, ...] = ()
    twins: tuple[tuple[int, int], ...] = ()

    def place_of(self, column: str) -> int | None:
        """Where a column stands; None where the table does not have it."""
        return next((place for place, name in self.columns.items() if name == column), None)


def find_header(sheet: Sheet, choice: Choice) -> Header | None:
    """The header of a sheet's first table of questions; None where there is none."""
    lines = sheet.lines
    filled = [index for index, line in enumerate(lines) if line.filled][:SEARCHED_LINES]
    if not filled:
        return None
    if choice.columns:
        return _chosen(sheet, filled, choice)
    rows = {index: _meanings(lines[index]) for index in filled}
    both = [index for index in filled if {"question", "answer"} <= set(rows[index].values())]
    asking = [index for index in filled if "question" in rows[index].values() and _is_heading(lines, index)]
    answering = [index for index in filled if "answer" in rows[index].values() and _is_heading(lines, index)]
    for index in [*both, *asking, *answering][:1]:
        return header_at(sheet, index)
    return _guessed(lines, filled)


def is_header(line: Line) -> bool:
    """Whether a line of the body is a header itself: repeated for a page, or that of the next table."""
    return _are_all_headings(line) and {"question", "answer"} <= set(_meanings(line).values())


def header_at(sheet: Sheet, index: int) -> Header:
    """The header that starts at a line, with columns that look like what no heading names."""
    return _completed(sheet.lines, _header(sheet, index))


def _meanings(line: Line) -> dict[int, str]:
    return {place: meaning for place in line.filled if (meaning := meaning_of(line.text(place)))}


def _is_heading(lines: Sequence[Line], index: int) -> bool:
    """Whether a line with one heading that is known can be a header: short words, as many as the rows have."""
    line = lines[index]
    texts = [line.text(place) for place in line.filled]
    if any(len(text) > LONGEST or (is_question(text) and meaning_of(text) is None) for text in texts):
        return False
    below = [len(other.filled) for other in lines[index + 1 :] if other.filled]
    return not below or len(texts) > 1 or max(below) == 1


def _header(sheet: Sheet, index: int) -> Header:
    """The header that starts at a line, and goes on as long as the lines below hold nothing but headings."""
    lines = sheet.lines
    # A heading that is merged with the cell below it says that the header has that line too.
    number = lines[index].number
    last = max((merge.bottom for merge in sheet.merges if merge.top == number and merge.bottom < number + 5), default=0)
    names = {place: lines[index].text(place) for place in lines[index].filled}
    meanings = _meanings(lines[index])
    end = index + 1
    while end < len(lines) and (lines[end].number <= last or _goes_on(lines[end])):
        line = lines[end]
        # What stands lower is said more precisely.
        names.update({place: line.text(place) for place in line.filled})
        meanings.update(_meanings(line))
        end += 1
    return _sorted_out(index, end, names, meanings)


def _goes_on(line: Line) -> bool:
    return _are_all_headings(line) and bool({"question", "answer", "similar"} & set(_meanings(line).values()))


def _are_all_headings(line: Line) -> bool:
    return bool(line.filled) and all(is_heading(line.text(place)) for place in line.filled)


def _sorted_out(start: int, end: int, names: Mapping[int, str], meanings: Mapping[int, str]) -> Header:
    columns: dict[int, str] = {}
    twins: list[tuple[int, int]] = []
    first: dict[str, int] = {}
    # Our own names go before words that mean the same.
    for place in sorted(meanings, key=lambda place: (not names_a_column(names[place]), place)):
        column = meanings[place]
        if column in (NUMBER, REMARK):
            continue
        if column not in first or column in SEVERAL:
            first.setdefault(column, place)
            columns[place] = column
        elif names_a_column(names[place]) == names_a_column(names[first[column]]):
            twins.append((first[column], place))
    aside = {place: meaning for place, meaning in meanings.items() if meaning in (NUMBER, REMARK)}
    return Header(start, end, names, dict(sorted(columns.items())), aside, twins=tuple(twins))


def _completed(lines: Sequence[Line], header: Header) -> Header:
    """With a question or answer whose heading nobody knows, where a column looks like one."""
    body = [line for line in lines[header.end :] if len(line.filled) > 1]
    free = {place for place in header.names if place not in header.columns and place not in header.aside}
    question, answer = header.place_of("question"), header.place_of("answer")
    looks = looks_of(body, question=question, answer=answer, free=free)
    found = {
        place: name for place, name in ((looks.question, "question"), (looks.answer, "answer")) if place is not None
    }
    guessed = tuple(name for place, name in found.items() if place not in header.columns)
    columns = dict(sorted({**header.columns, **found}.items()))
    return Header(header.start, header.end, header.names, columns, header.aside, guessed, header.twins)


def _guessed(lines: Sequence[Line], filled: Sequence[int]) -> Header | None:
    """A table without a heading that anybody knows, judged by what stands in it."""
    body = [line for line in lines if len(line.filled) > 1]
    looks = looks_of(body)
    if looks.question is None or looks.answer is None:
        return None
    start = next(index for index in filled if len(lines[index].filled) > 1)
    columns = {looks.question: "question", looks.answer: "answer"}
    names: dict[int, str] = {}
    end = start
    if _are_headings(lines[start], looks.question, looks.answer):
        names, end = {place: lines[start].text(place) for place in lines[start].filled}, start + 1
    return Header(start, end, names, dict(sorted(columns.items())), {}, ("question", "answer"))


def _are_headings(line: Line, question: int, answer: int) -> bool:
    """Whether a first line is headings that nobody knows: two short words, neither of them a question or sentence."""
    texts = (line.text(question), line.text(answer))
    return all(text and len(text) <= 25 and not is_question(text) and text[-1] not in ".。!！;；" for text in texts)


def _chosen(sheet: Sheet, filled: Sequence[int], choice: Choice) -> Header | None:
    lines = sheet.lines
    for index in filled:
        places = _places(lines[index], choice)
        if places is None or (_is_by_letters(choice) and not all(lines[index].text(place) for place in places)):
            continue
        # Where letters are given there may be no heading; one that is known is no row all the same.
        is_row = _is_by_letters(choice) and not {"question", "answer"} & set(_meanings(lines[index]).values())
        header = Header(index, index, {}, {}, {}) if is_row else _header(sheet, index)
        wanted = set(places.values())
        others = {place: name for place, name in header.columns.items() if name not in wanted and place not in places}
        columns = dict(sorted({**others, **places}.items()))
        aside = {place: meaning for place, meaning in header.aside.items() if place not in places}
        twins = tuple(pair for pair in header.twins if header.columns.get(pair[0]) not in wanted)
        chosen = Header(header.start, header.end, header.names, columns, aside, (), twins)
        return chosen if "question" in columns.values() else _completed(lines, chosen)
    return None


def _is_by_letters(choice: Choice) -> bool:
    return all(_LETTERS.fullmatch(heading) for heading in choice.columns.values())


def _places(line: Line, choice: Choice) -> dict[int, str] | None:
    """The chosen columns by place, where this line has every heading that is named; None otherwise."""
    headings = {folded(line.text(place)): place for place in reversed(line.filled)}
    found: dict[int, str] = {}
    for column, heading in choice.columns.items():
        if folded(heading) in headings:
            found[headings[folded(heading)]] = column
        elif _LETTERS.fullmatch(heading):
            found[column_place(heading)] = column
        else:
            return None
    return found

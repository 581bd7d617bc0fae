"""A sheet as a spreadsheet or csv file holds it, before anybody knows what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faqbot.formats.rows.columns import UnreadableCell
from faqbot.language import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet.

    Attributes:
        number: Where it starts in the file, from 1.
        cells: From the first column on, as shown; shorter lines have fewer.
        is_hidden: Whether the program that shows the sheet leaves it out.
    """

    number: int
    cells: Sequence[object]
    is_hidden: bool = False

    @property
    def filled(self) -> list[int]:
        """The places of the cells that hold more than white space, from 0."""
        return [place for place, cell in enumerate(self.cells) if is_filled(cell)]

    def text(self, place: int) -> str:
        """What a cell shows, trimmed; empty where there is none."""
        cell = self.cells[place] if place < len(self.cells) else None
        return "" if cell is None or isinstance(cell, UnreadableCell) else str(cell).strip()


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells that are shown as one; lines count from 1, columns from 0, and the last ones belong to it."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Extra:
    """What a sheet holds beside its cells' texts: how many pictures or comments, and what becomes of them."""

    what: Text
    count: int
    why: Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        lines: In their order, empty ones among them.
        name: Empty for csv.
        merges: Of cells.
        is_hidden: Whether the sheet is not shown.
        is_text: Whether the cells were told apart by separators, so that one too many is a mistake.
        extras: What else it holds.
    """

    lines: Sequence[Line]
    name: str = ""
    merges: Sequence[Merge] = ()
    is_hidden: bool = False
    is_text: bool = False
    extras: Sequence[Extra] = ()


def is_filled(cell: object) -> bool:
    """Whether a cell holds more than white space."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def column_name(place: int) -> str:
    """A column's letters, as spreadsheets count them: 0 is `A`, 27 is `AB`."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_place(letters: str) -> int:
    """The inverse of `column_name`."""
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1

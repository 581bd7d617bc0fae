"""What a workbook's parts say about cells beside their values: merges, links, formulas, pictures, comments.

The library gives these only with the whole workbook in memory; here they are noted while the guard reads the parts.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from faqbot.formats.tables.sheet import Merge, column_place

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")
_MOST_LINKED = 1000


@dataclass
class Piece:
    """A piece of a text in one style: `b`, `i` and `strike`."""

    text: str = ""
    styles: set[str] = field(default_factory=set)


@dataclass
class Marks:
    """Of one part; cells are (row from 1, column from 0).

    Attributes:
        merges: Cells shown as one.
        links: Relationship id, or empty, by cell.
        formulas: By cell; empty where it shares another one's.
        hidden_rows: Their numbers.
        pictures_in: Cells that show a picture.
        pictures: In a drawing.
        comments: In a list of comments.
        targets: Address by relationship id, of those that lead outside the file.
        parts: The parts that belong to this one.
        styled: Texts of several styles that stand in the cell itself, which the library reads without their styles.
    """

    merges: list[Merge] = field(default_factory=list)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    pictures_in: set[tuple[int, int]] = field(default_factory=set)
    pictures: int = 0
    comments: int = 0
    targets: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    styled: dict[tuple[int, int], list[Piece]] = field(default_factory=dict)
    _pieces: list[Piece] | None = None
    _in_text: bool = False

    def note(self, name: str, attributes: dict[str, str], cell: tuple[int, int]) -> None:
        """Take an element that starts; `cell` is the one that is open."""
        if name == "row" and attributes.get("hidden") in ("1", "true"):
            self.hidden_rows.add(cell[0])
        elif name == "c" and "vm" in attributes and attributes.get("t") == "e":
            self.pictures_in.add(cell)
        elif name == "f":
            self.formulas[cell] = ""
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "hyperlink":
            self._link(attributes)
        elif name == "pic":
            self.pictures += 1
        elif name == "comment":
            self.comments += 1
        elif name == "Relationship":
            self._relation(attributes)
        else:
            self._note_style(name, attributes)

    def text(self, text: str) -> None:
        """Take characters of the element that is open."""
        if self._in_text and self._pieces:
            self._pieces[-1].text += text

    def end(self, name: str, cell: tuple[int, int]) -> None:
        """Take an element that ends."""
        if name == "t":
            self._in_text = False
        elif name == "is":
            if self._pieces:
                self.styled[cell] = self._pieces
            self._pieces = None

    def _note_style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "is":
            self._pieces = []
        elif self._pieces is None:
            return
        elif name == "r":
            self._pieces.append(Piece())
        elif name == "t":
            self._in_text = bool(self._pieces)
        elif name in ("b", "i", "strike") and self._pieces and attributes.get("val") not in ("0", "false"):
            self._pieces[-1].styles.add(name)

    def _merge(self, reference: str) -> None:
        if found := _RANGE.fullmatch(reference):
            left, top, right, bottom = found.groups()
            if right is not None:
                self.merges.append(Merge(int(top), int(bottom), column_place(left), column_place(right)))

    def _link(self, attributes: dict[str, str]) -> None:
        found = _RANGE.fullmatch(attributes.get("ref", ""))
        if not found:
            return
        left, top, right, bottom = found.groups()
        identifier = next((value for name, value in attributes.items() if name.rpartition(" ")[2] == "id"), "")
        rows, columns = (
            range(int(top), int(bottom or top) + 1),
            range(column_place(left), column_place(right or left) + 1),
        )
        if len(rows) * len(columns) <= _MOST_LINKED:
            self.links.update({(row, column): identifier for row in rows for column in columns})

    def _relation(self, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
        else:
            self.parts.append(attributes.get("Target", ""))


class Workbook:
    """The marks of every part by its name."""

    def __init__(self) -> None:
        """No part is read yet."""
        self._parts: dict[str, Marks] = {}

    def part(self, name: str) -> Marks:
        """The marks of a part; empty ones where it has none."""
        return self._parts.setdefault(name.lstrip("/"), Marks())

    def of_sheet(self, name: str) -> Marks:
        """The marks of a sheet, with those of the drawings, comments and links that belong to it."""
        name = name.lstrip("/")
        marks, folder = self.part(name), posixpath.dirname(name)
        relations = self.part(f"{folder}/_rels/{posixpath.basename(name)}.rels")
        marks.targets = relations.targets
        others = [self.part(posixpath.normpath(posixpath.join("/", folder, target))) for target in relations.parts]
        marks.pictures += sum(other.pictures for other in others)
        marks.comments += sum(other.comments for other in others)
        return marks

"""Looks into an xlsx file before the spreadsheet library does, and refuses one that would exhaust the memory.

A file of a few kilobytes can unpack to gigabytes, name two cells a million rows and sixteen thousand columns
apart, between which the library makes every cell, or show one long text in a million cells. Every part is therefore
read once with the standard library, which never reads more of a part than the part claims, and handed on in a new
archive: what was measured is what is parsed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

from faqbot.errors import FileTooLarge
from faqbot.formats.files.xlsx_marks import Marks, Workbook
from faqbot.formats.rows.source import Source
from faqbot.language import _

# Cells between the first and the last one that is used: 50,000 rows of 100 columns.
_MAX_CELLS = 5_000_000
_PARTS = (".xml", ".rels")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# What zipfile raises on damaged or encrypted archives, and expat on damaged parts.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
_DAMAGED = _("it is damaged, protected by a password, or no xlsx file; save it again as .xlsx")


def checked(source: Source) -> tuple[bytes, Workbook]:
    """The same workbook without pictures and other extras, once it has been found harmless; and what it says of cells.

    Raises:
        UnreadableFile: It is no xlsx file, damaged or encrypted.
        FileTooLarge: It unpacks to more than the limit, or has too many cells.
    """
    try:
        parts = _unpack(source)
        scan = _Scan()
        for name, part in parts.items():
            scan.read(name, part)
    except _BROKEN:
        raise source.unreadable(_DAMAGED) from None
    if scan.cells > _MAX_CELLS:
        raise FileTooLarge(
            _(
                "{file} uses cells too far apart: {cells:,} lie between the first and the last; delete the "
                "empty rows and columns, or save it as csv.",
                file=source.name,
                cells=scan.cells,
            )
        )
    check_unpacked(source, scan.characters)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue(), scan.workbook


def _unpack(source: Source) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        wanted = [info for info in archive.infolist() if info.filename.lower().endswith(_PARTS)]
        check_unpacked(source, sum(info.file_size for info in wanted))
        return {info.filename: archive.read(info) for info in wanted}


def check_unpacked(source: Source, size: int) -> None:
    """Refuse what would unpack to more bytes than the limit."""
    limit = source.limits.unpacked_megabytes
    if size > limit * 1e6:
        raise FileTooLarge(
            _(
                "{file} unpacks to {size:,.0f} MB, at most {limit:g} MB are read; split it.",
                file=source.name,
                size=size / 1e6,
                limit=limit,
            )
        )


@dataclass
class _Scan:
    """What the parts of a workbook add up to.

    Attributes:
        cells: Cells of the largest sheet between A1 and the last one that holds something.
        lengths: Characters of each shared text.
        uses: How often each shared text is shown, by its number.
        workbook: What the parts say about cells beside their values.
    """

    cells: int = 0
    lengths: list[int] = field(default_factory=list)
    uses: Counter[str] = field(default_factory=Counter)
    workbook: Workbook = field(default_factory=Workbook)
    _marks: Marks = field(default_factory=Marks)
    _formula: list[str] | None = None
    _last: tuple[int, int] = (0, 0)
    _row: int = 0
    _column: int = 0
    _shares_text: bool = False
    _in_shared_texts: bool = False
    _number: str | None = None

    @property
    def characters(self) -> int:
        """Of all shared texts, each as often as it is shown."""
        return sum(
            self.lengths[int(number)] * count
            for number, count in self.uses.items()
            if re.fullmatch("[0-9]{1,9}", number) and int(number) < len(self.lengths)
        )

    def read(self, name: str, part: bytes) -> None:
        """Add one part.

        Raises:
            ExpatError: It is no XML, or not such as a spreadsheet program writes.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = _refuse_entities
        self._last, self._row, self._column = (0, 0), 0, 0
        self._marks, self._formula = self.workbook.part(name), None
        parser.Parse(part, True)
        self.cells = max(self.cells, self._last[0] * self._last[1])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        if name == "c":
            self._move(attributes.get("r"))
            self._shares_text = attributes.get("t") == "s"
        elif name in ("v", "is"):
            # A cell that is only painted holds nothing, and the library leaves it out.
            self._last = (max(self._last[0], self._row), max(self._last[1], self._column))
            self._number = "" if self._shares_text else None
        elif name == "row":
            self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif name == "si":
            self.lengths.append(0)
        elif name == "sst":
            self._open_shared_texts()
        elif name == "f":
            self._formula = []
        self._marks.note(name, attributes, (self._row, self._column - 1))

    def _end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        if name == "v" and self._number is not None:
            self.uses[self._number.strip()] += 1
            self._number = None
        elif name == "sst":
            self._in_shared_texts = False
        elif name == "f" and self._formula is not None:
            self._marks.formulas[self._row, self._column - 1] = "".join(self._formula)
            self._formula = None
        self._marks.end(name, (self._row, self._column - 1))

    def _text(self, text: str) -> None:
        self._marks.text(text)
        if self._number is not None:
            self._number += text
        elif self._formula is not None:
            self._formula.append(text)
        elif self._in_shared_texts and self.lengths:
            self.lengths[-1] += len(text)

    def _open_shared_texts(self) -> None:
        if self.lengths:
            raise expat.ExpatError("a second table of shared texts")
        self._in_shared_texts = True

    def _move(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        place = _REFERENCE.fullmatch(reference.upper())
        if place is None:
            raise expat.ExpatError("a cell without a place")
        self._row, self._column = _number(place[2]), 0
        for letter in place[1]:
            self._column = self._column * 26 + ord(letter) - ord("A") + 1


def _number(digits: str) -> int:
    if not re.fullmatch("[0-9]{1,7}", digits):
        raise expat.ExpatError("a row without a number")
    return int(digits)


def _refuse_entities(*_: object) -> None:
    raise expat.ExpatError("entities are not allowed")

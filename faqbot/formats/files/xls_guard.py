"""Looks into an xls file before the library does, and refuses one that would keep it busy or exhaust the memory."""

from __future__ import annotations

import io
import struct

_HYPERLINK, _MOST_LINKED = 0x01B8, 10_000


class HarmfulError(ValueError):
    """A chain of sectors without an end, or a link over millions of cells."""


def check(data: bytes) -> None:
    """Follow the file's chains and read the lengths of its records.

    Args:
        data: A compound file, as Excel 97 to 2003 wrote them.

    Raises:
        HarmfulError: It would take the library for ever, or millions of cells.
        Exception: Whatever the library raises at a file that is damaged.
    """
    from xlrd.compdoc import CompDoc

    container = CompDoc(data, logfile=io.StringIO())
    shortest_long: int = vars(container)["min_size_std_stream"]
    for stream in container.dirlist:
        # The library follows the chains of long streams with care, those of short ones without end.
        if stream.tot_size < shortest_long:
            _check_chain(container.SSAT, stream.first_SID)
    for name in ("Workbook", "Book"):
        memory, start, length = container.locate_named_stream(name)
        if memory is not None:
            _check_records(bytes(memory[start : start + length]))


def _check_chain(table: list[int], sector: int) -> None:
    for _step in range(len(table) + 1):
        if not 0 <= sector < len(table):
            return
        sector = table[sector]
    raise HarmfulError("a chain of sectors has no end")


def _check_records(stream: bytes) -> None:
    position = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == _HYPERLINK and length >= 8 and position + 12 <= len(stream):
            top, bottom, left, right = struct.unpack_from("<4H", stream, position + 4)
            if (bottom - top + 1) * (right - left + 1) > _MOST_LINKED:
                raise HarmfulError("a link over too many cells")
        position += 4 + length

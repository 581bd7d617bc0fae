from __future__ import annotations

import struct
from pathlib import Path

import pytest

from faqbot.errors import UnreadableFile
from faqbot.formats import read_bytes
from faqbot.formats.files.xls_guard import HarmfulError, _check_chain, _check_records

BOOK = Path(__file__).parents[1] / "messy" / "links.xls"


def test_a_chain_of_sectors_without_an_end_is_refused() -> None:
    _check_chain([1, 2, -2], 0)
    with pytest.raises(HarmfulError):
        _check_chain([1, 2, 0], 0)


def test_a_link_over_the_whole_sheet_is_refused() -> None:
    def link(bottom: int) -> bytes:
        return struct.pack("<HH4H", 0x01B8, 8, 0, bottom, 0, 255)

    _check_records(struct.pack("<HHH", 1, 2, 0) + link(0))
    with pytest.raises(HarmfulError):
        _check_records(struct.pack("<HHH", 1, 2, 0) + link(65_535))


@pytest.mark.parametrize("part", [slice(0, 600), slice(0, -600), slice(100, None)])
def test_a_cut_off_file_is_refused(part: slice) -> None:
    with pytest.raises(UnreadableFile, match=r"no xls file"):
        read_bytes(BOOK.read_bytes()[part], "kb.xls")

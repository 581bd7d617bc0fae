from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.errors import FileError, FileNotFound, FileTooLarge, UnreadableFile, UnsupportedFileType
from faqbot.formats import FORMATS, read_bytes, read_rows, to_bytes, write_file
from faqbot.knowledge import Entry

ENTRIES = [Entry("a", "怎么退款？", ("退钱",), "点这里", "zh")]


@pytest.mark.parametrize("ending", [*FORMATS, "yml", "CSV"])
def test_the_ending_tells_the_format(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"kb.v2.{ending}"
    write_file(path, ENTRIES)
    assert [entry for _, entry in read_rows(path).entries] == ENTRIES
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["kb.txt", "kb.doc", "kb", ".csv"])
def test_another_ending_is_refused_with_the_five_that_work(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("question\na\n")
    for attempt in (
        lambda: read_rows(tmp_path / name),
        lambda: read_bytes(b"question\na\n", name),
        lambda: write_file(tmp_path / name, ENTRIES),
    ):
        with pytest.raises(UnsupportedFileType, match=r"\.csv, \.xlsx, \.json, \.jsonl, \.yaml\."):
            attempt()


def test_an_unknown_format_cannot_be_written() -> None:
    with pytest.raises(UnsupportedFileType, match="no format 'pdf'"):
        to_bytes("pdf", ENTRIES)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFound, match=r"no file .*absent\.csv"):
        read_rows(tmp_path / "absent.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "kb.csv").mkdir()
    with pytest.raises(UnreadableFile, match=r"kb\.csv cannot be read"):
        read_rows(tmp_path / "kb.csv")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "kb.csv"
    with path.open("wb") as file:
        file.truncate(4_000_000_000_000)
    with pytest.raises(FileTooLarge, match=r"4000000\.0 MB, at most 20 MB"):
        read_rows(path)


def test_the_encoding_and_the_format_are_reported() -> None:
    text = "question,answer\n怎么申请退款？,请在订单页点击申请退款，三天到账。\n"
    parsed = read_bytes(text.encode("gb18030"), "kb.csv")
    assert (parsed.encoding, parsed.format) == ("gb18030", "csv")
    assert read_bytes(to_bytes("xlsx", ENTRIES), "kb.xlsx").encoding == ""


def test_a_write_that_fails_keeps_the_old_file_and_leaves_no_other(tmp_path: Path) -> None:
    path = tmp_path / "kb.xlsx"
    write_file(path, ENTRIES)
    before = path.read_bytes()
    with pytest.raises(FileError):
        write_file(path, [Entry("a", "question", answer="x" * 40_000)])
    assert path.read_bytes() == before
    with pytest.raises(FileError, match=r"absent.kb\.csv cannot be written: .*; choose another place"):
        write_file(tmp_path / "absent" / "kb.csv", ENTRIES)
    (tmp_path / "kb.csv").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        write_file(tmp_path / "kb.csv", ENTRIES)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["kb.csv", "kb.xlsx"]

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
import xlsxwriter

from faqbot.errors import FileError, FileTooLarge, UnreadableFile
from faqbot.formats import Limits, read_bytes, to_bytes
from faqbot.knowledge import Entry

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_of(*rows: list[object], before: int = 0) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        book.add_worksheet("empty")
        book.add_chartsheet("chart").set_chart(_chart(book))
        sheet = book.add_worksheet("faq")
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows, before):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number, column, value, dates)
                else:
                    sheet.write(number, column, value)
    return packed.getvalue()


def _chart(book: xlsxwriter.Workbook) -> object:
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=faq!$A$1:$A$2"})
    return chart


def with_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """The same workbook with one part replaced or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, content)
    return packed.getvalue()


def with_sheet(rows: str, shared: str = "") -> bytes:
    data = to_bytes("xlsx", [Entry("a", "question")])
    if shared:
        data = with_part(data, "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part(data, "xl/worksheets/sheet1.xml", sheet)


def inline(text: str, place: str = "") -> str:
    reference = f'r="{place}" ' if place else ""
    return f'<c {reference}t="inlineStr"><is><t>{text}</t></is></c>'


def test_cells_of_every_type_become_text() -> None:
    data = sheet_of(
        ["编号", "问题", "答案", "启用", "分类"],
        [1, 10086, 2.5, False, datetime.date(2026, 1, 31)],
        ["x", "ok", "", True, ""],
    )
    assert [entry for _, entry in read_bytes(data, "kb.XLSX").entries] == [
        Entry("1", "10086", answer="2.5", category="2026-01-31", enabled=False),
        Entry("x", "ok"),
    ]


def test_lines_are_the_rows_of_the_sheet() -> None:
    data = sheet_of(["question"], ["a"], [], [""], ["?"], before=3)
    parsed = read_bytes(data, "kb.xlsx")
    assert [line for line, _ in parsed.entries] == [5]
    assert [(error.line, error.column) for error in parsed.errors] == [(8, "question")]


def test_a_cell_beside_the_table_is_counted_not_read() -> None:
    parsed = read_bytes(sheet_of(["question", "answer"], ["a", "b"], ["c", "d", "", "stray"]), "kb.xlsx")
    assert [entry.standard_question for _, entry in parsed.entries] == ["a", "c"]
    assert [(loss.what, loss.count) for loss in parsed.losses] == [("cells without a heading", 1)]


def test_formulas_count_as_their_last_value() -> None:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["question", "answer"])
        sheet.write_formula(1, 0, '="How "&"long"', value="How long")
        sheet.write_formula(1, 1, "=1+1", value=2)
    [(_, entry)] = read_bytes(packed.getvalue(), "kb.xlsx").entries
    assert (entry.standard_question, entry.answer) == ("How long", "2")


def test_an_export_holds_neither_formulas_nor_links() -> None:
    data = to_bytes("xlsx", [Entry("=1+1", "=HYPERLINK(1)", answer="https://example.com")])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


def test_a_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    with pytest.raises(FileError, match=r"Entry 'a' has 32,768 characters in 'answer'.*export to csv"):
        to_bytes("xlsx", [Entry("a", "question", answer="x" * 32_768)])


@pytest.mark.parametrize("part", [slice(0, 200), slice(0, -200), slice(100, None)])
def test_a_cut_off_file_is_refused(part: slice) -> None:
    data = to_bytes("xlsx", [Entry("a", "question")])
    with pytest.raises(UnreadableFile, match=r"kb\.xlsx cannot be read: it is damaged"):
        read_bytes(data[part], "kb.xlsx")


def test_a_flipped_byte_is_noticed() -> None:
    data = bytearray(to_bytes("xlsx", [Entry("a", "question")]))
    place = data.index(b"xl/worksheets/sheet1.xml") + 60
    data[place] ^= 0xFF
    with pytest.raises(UnreadableFile):
        read_bytes(bytes(data), "kb.xlsx")


@pytest.mark.parametrize("data", [b"question,answer\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_what_is_no_xlsx_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"protected by a password, or no xlsx file"):
        read_bytes(data, "kb.xlsx")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_whose_parts_make_no_sense_is_refused(part: str) -> None:
    data = with_part(to_bytes("xlsx", [Entry("a", "question")]), part, "<nothing/>")
    with pytest.raises(UnreadableFile):
        read_bytes(data, "kb.xlsx")


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="it has no rows"):
        read_bytes(with_sheet(""), "kb.xlsx")


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    data = with_part(to_bytes("xlsx", [Entry("a", "question")]), "xl/big.xml", b" " * 3_000_000)
    assert len(data) < 20_000
    with pytest.raises(FileTooLarge, match="unpacks to 3 MB, at most 2 MB"):
        read_bytes(data, "kb.xlsx", Limits(unpacked_megabytes=2))


def test_a_part_that_claims_less_than_it_unpacks_to_is_refused() -> None:
    data = with_part(to_bytes("xlsx", [Entry("a", "question")]), "xl/big.xml", b" " * 3_000_000)
    size = (3_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    with pytest.raises(UnreadableFile):
        read_bytes(data.replace(size, (1000).to_bytes(4, "little")), "kb.xlsx")


@pytest.mark.parametrize(
    ("first_row", "last_cell"),
    [
        (f'<row r="1">{inline("question", "A1")}</row>', inline("x", "XFD1048576")),
        (f"<row>{inline('question') * 16_384}</row>", inline("x")),
    ],
)
def test_two_cells_a_world_apart_do_not_make_the_world(first_row: str, last_cell: str) -> None:
    rows = f'{first_row}<row r="1048576">{last_cell}</row>'
    with pytest.raises(FileTooLarge, match="cells too far apart: 17,179,869,184"):
        read_bytes(with_sheet(rows), "kb.xlsx")


def test_painted_cells_that_hold_nothing_do_not_count() -> None:
    rows = f'<row r="1">{inline("question")}</row><row r="2">{inline("a")}</row>'
    rows += '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert len(read_bytes(with_sheet(rows), "kb.xlsx").entries) == 1


def test_one_long_text_shown_in_many_cells_is_refused() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{min(n - 1, 1)}</v></c></row>' for n in range(1, 1002))
    data = with_sheet(rows, f"<si><t>question</t></si><si><t>{'x' * 3000}</t></si>")
    assert len(read_bytes(data, "kb.xlsx").errors) == 1000
    with pytest.raises(FileTooLarge, match="unpacks to 3 MB, at most 2 MB"):
        read_bytes(data, "kb.xlsx", Limits(unpacked_megabytes=2))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/other.xml", f'<sst xmlns="{MAIN}"><si><t>decoy</t></si></sst>'),
        ("xl/other.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><row r="{"9" * 5000}"/></worksheet>'),
        ("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><row><c r="somewhere"/></row></worksheet>'),
    ],
)
def test_what_no_spreadsheet_program_writes_is_refused(name: str, content: str) -> None:
    with pytest.raises(UnreadableFile):
        read_bytes(with_part(to_bytes("xlsx", [Entry("a", "question")]), name, content), "kb.xlsx")


def test_the_limit_of_rows_holds() -> None:
    with pytest.raises(FileTooLarge, match="more than the 2 rows"):
        read_bytes(sheet_of(["question"], ["a"], ["b"], ["c"]), "kb.xlsx", Limits(rows=2))

from __future__ import annotations

import csv
import io

import pytest

from faqbot.errors import FileTooLarge, MissingColumn, UnclearTable, UnreadableFile
from faqbot.formats import Limits, ParsedFile, read_bytes, to_bytes
from faqbot.knowledge import Entry


def parse(text: str) -> ParsedFile:
    return read_bytes(text.encode(), "kb.csv")


def questions(text: str) -> list[tuple[int, str, str]]:
    parsed = parse(text)
    assert parsed.errors == ()
    return [(line, entry.standard_question, entry.answer) for line, entry in parsed.entries]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_by_the_header(separator: str) -> None:
    text = f"id{separator}question{separator}answer\n1{separator}q{separator}x.y\n"
    assert questions(text) == [(2, "q", "x.y")]


def test_separators_inside_the_header_line_do_not_mislead() -> None:
    assert questions('"question";"answer";"notes, a, b, c"\nq;a, b\n') == [(2, "q", "a, b")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file_also_after_cells_with_line_ends(end: str) -> None:
    text = end.join(["", "question,answer", 'one,"a', "", 'b"', "", "two,c", ""])
    assert questions(text) == [(3, "one", "a\n\nb"), (7, "two", "c")]


def test_missing_cells_are_empty_and_surplus_ones_an_error() -> None:
    parsed = parse("question,answer,category\nq1\nq2,yes, and no,c\nq3,a,c,,\n")
    assert [(line, entry.standard_question) for line, entry in parsed.entries] == [(2, "q1"), (4, "q3")]
    assert [(error.line, error.column) for error in parsed.errors] == [(3, "")]
    assert "more cells than the header's 3; put cells that hold the separator in quotes" in parsed.errors[0].message


@pytest.mark.parametrize("text", ['question,answer\nq,a\nq2,"never closed\nq3,b\n', 'question,answer\nq,a\nq2,"a"b\n'])
def test_quotes_that_do_not_match_are_refused_with_their_line(text: str) -> None:
    with pytest.raises(UnreadableFile, match="the row that starts in line 3 do not match"):
        parse(text)


def test_without_a_question_column_what_was_found_is_named() -> None:
    with pytest.raises(MissingColumn, match=r"no column 'question'.*it has 'titel', 'antwort'"):
        parse("titel,antwort\na,b\n")


@pytest.mark.parametrize("header", ["question,答案,answer", "问题,标准问"])
def test_two_columns_of_one_meaning_are_refused(header: str) -> None:
    with pytest.raises(UnclearTable, match="both mean"):
        parse(f"{header}\na,b\n")


def test_columns_that_are_not_ours_are_counted_not_read() -> None:
    parsed = parse("question,title,,owner,unused\nq,t,x,o,\np,,,o,\n")
    assert [loss.told for loss in parsed.losses] == [
        "column 'title' (1): there is no such field here",
        "column 'owner' (2): there is no such field here",
        "cells without a heading (1): nothing says what they mean",
    ]


def test_a_file_with_only_a_header_has_no_entries() -> None:
    assert parse("question,answer\n").entries == ()


@pytest.mark.parametrize("text", ["\n\n", " ", ",,,\n"])
def test_a_file_with_nothing_in_it_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"is empty|has no rows"):
        parse(text)


def test_limits_hold() -> None:
    with pytest.raises(FileTooLarge, match=r"kb\.csv has more than the 3 rows"):
        read_bytes(b"question\n1\n2\n3\n4\n", "kb.csv", Limits(rows=3))
    with pytest.raises(FileTooLarge, match=r"has 0\.0 MB, at most 1e-05 MB"):
        read_bytes(b"question\n1\n2\n3\n4\n", "kb.csv", Limits(megabytes=1e-5))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "'=", "''@"])
def test_no_cell_of_an_export_starts_a_formula(start: str) -> None:
    entry = Entry(
        f"{start}1", f"{start}SUM(A1)", (f"{start}x",), f"{start}HYPERLINK(1)", "", f"{start}c", (f"{start}t",)
    )
    data = to_bytes("csv", [entry])
    heading, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert [cell for cell in (*heading, *row) if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []
    assert [back for _, back in read_bytes(data, "kb.csv").entries] == [entry]


def test_an_apostrophe_that_guards_nothing_stays() -> None:
    assert questions("question,answer\n'tis,'quoted'\n") == [(2, "'tis", "'quoted'")]


def test_excel_knows_the_encoding_by_its_mark() -> None:
    assert to_bytes("csv", []) == (
        b"\xef\xbb\xbfid,question,similar,answer,language,category,tags,enabled,"
        b"valid_from,valid_until,segments,prompts,attachments,answer_threshold\r\n"
    )


def test_a_cell_may_be_longer_than_the_library_allows_by_itself() -> None:
    similar = "\n".join(f"{number} " + "x" * 900 for number in range(400))
    parsed = parse(f'question,similar\nq,"{similar}"\n')
    assert len(parsed.entries[0][1].similar_questions) == 400

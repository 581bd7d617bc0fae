from __future__ import annotations

import re
from typing import Any

import pytest

from faqbot.errors import InvalidRequest, MissingColumn, UnclearTable, UnreadableFile
from faqbot.formats import Choice, Loss, read_bytes
from tests.unit.formats.tables.books import pairs, read

FAQ = [["问题", "答案"], ["多久发货？", "两天"], ["怎么付款？", "扫码"]]
PRICES = [["产品", "价格"], ["A", 99], ["B", 199]]


def lost(losses: tuple[Loss, ...]) -> dict[str, int]:
    return {str(loss.what): loss.count for loss in losses}


def test_a_header_below_titles_is_found_and_what_stands_around_the_table_is_counted() -> None:
    rows = [
        ["客服问答汇总"],
        [],
        ["序号", "客户问题", "标准答案"],
        [1, "多久发货？", "两天"],
        [2, "", ""],
        [],
        ["", "注：以官网为准"],
    ]
    parsed = read({"Sheet1": rows})
    assert pairs(parsed) == [("多久发货？", "两天")]
    assert [line for line, _ in parsed.entries] == [4]
    assert lost(parsed.losses) == {"text above the table": 1, "notes below the table": 1, "column '序号'": 1}


def test_every_sheet_with_questions_is_read_under_its_name_and_the_others_are_named() -> None:
    parsed = read(
        {"说明": [["本文件由客服部维护"]], "发货": FAQ, "退款": [["Q", "A"], ["能退吗？", "能"]], "价格": PRICES}
    )
    assert [(entry.standard_question, entry.category) for _, entry in parsed.entries] == [
        ("多久发货？", "发货"),
        ("怎么付款？", "发货"),
        ("能退吗？", "退款"),
    ]
    assert parsed.sheets == ("发货", "发货", "退款")
    assert lost(parsed.losses) == {"sheet '说明'": 1, "sheet '价格'": 3}


def test_a_column_of_categories_goes_before_the_sheets_name() -> None:
    parsed = read({"发货": [["问题", "答案", "分类"], ["多久？", "两天", "时效"], ["谁送？", "我们", ""]]})
    assert [entry.category for _, entry in parsed.entries] == ["时效", ""]


def test_a_table_may_begin_anywhere_and_go_on_below_empty_rows() -> None:
    table = [
        ["", "", "", "Question", "", "Answer"],
        ["", "", "", "When?", "", "Now"],
        [],
        ["", "", "", "Who?", "", "We"],
    ]
    assert pairs(read({"S": [[], [], [], [], [], [], *table]})) == [("When?", "Now"), ("Who?", "We")]


def test_a_header_of_several_lines_is_read_by_its_most_precise_words() -> None:
    def merge(made: Any, sheets: Any) -> None:
        sheets["S"].merge_range("C1:D1", "问题")

    rows = [["编号", "答案", "问题", ""], ["", "", "标准问", "相似问法"], ["a", "两天", "多久？", "几天##哪天"]]
    [(_, entry)] = read({"S": rows}, merge).entries
    assert (entry.entry_id, entry.standard_question, entry.similar_questions) == ("a", "多久？", ("几天", "哪天"))


def test_a_header_that_is_merged_over_two_lines_has_both() -> None:
    def merge(made: Any, sheets: Any) -> None:
        sheets["S"].merge_range("A1:A2", "问题")
        sheets["S"].merge_range("B1:C1", "答案")

    rows = [["问题", "答案", ""], ["", "网页", "App"], ["多久？", "两天", "见页面"]]
    parsed = read({"S": rows}, merge)
    assert pairs(parsed) == [("多久？", "两天")]
    assert lost(parsed.losses) == {"column 'App'": 1}


def test_several_columns_of_wordings_are_one() -> None:
    rows = [["问题", "相似问1", "相似问2", "相似问3", "答案"], ["多久？", "几天", "", "哪天", "两天"]]
    [(_, entry)] = read({"S": rows}).entries
    assert entry.similar_questions == ("几天", "哪天")


def test_merged_cells_count_for_each_of_their_rows() -> None:
    def merge(made: Any, sheets: Any) -> None:
        sheets["S"].merge_range("A2:A4", "发货")
        sheets["S"].merge_range("C2:C3", "两天")

    rows = [["分类", "问题", "答案"], ["发货", "多久？", "两天"], ["", "几天到？", ""], ["", "谁送？", "我们"]]
    parsed = read({"S": rows}, merge)
    assert pairs(parsed) == [("多久？", "两天"), ("几天到？", "两天"), ("谁送？", "我们")]
    assert [entry.category for _, entry in parsed.entries] == ["发货"] * 3


def test_a_question_merged_over_several_lines_is_one_with_all_their_wordings() -> None:
    def merge(made: Any, sheets: Any) -> None:
        sheets["S"].merge_range("A2:A4", "多久？")
        sheets["S"].merge_range("C2:C4", "两天")

    rows = [
        ["问题", "相似问", "答案"],
        ["多久？", "几天", "两天"],
        ["", "哪天", ""],
        ["", "何时", ""],
        ["谁送？", "", "我们"],
    ]
    parsed = read({"S": rows}, merge)
    assert pairs(parsed) == [("多久？", "两天"), ("谁送？", "我们")]
    assert parsed.entries[0][1].similar_questions == ("几天", "哪天", "何时")


def test_a_title_between_rows_is_their_category() -> None:
    def merge(made: Any, sheets: Any) -> None:
        sheets["S"].merge_range("A2:B2", "发货")
        sheets["S"].merge_range("A4:B4", "退款")

    rows = [["问题", "答案"], ["发货"], ["多久？", "两天"], ["退款"], ["能退吗？", "能"]]
    parsed = read({"S": rows}, merge)
    assert [(entry.standard_question, entry.category) for _, entry in parsed.entries] == [
        ("多久？", "发货"),
        ("能退吗？", "退款"),
    ]


def test_a_second_table_below_and_a_header_that_is_repeated_are_no_rows() -> None:
    first = [["问题", "答案"], ["多久？", "两天"], ["问题", "答案"], ["谁送？", "我们"]]
    rows = [*first, [], ["补充"], ["答案", "问题"], ["能", "能退吗？"]]
    assert pairs(read({"S": rows})) == [("多久？", "两天"), ("谁送？", "我们"), ("能退吗？", "能")]


def test_hidden_rows_and_sheets_are_read_and_said() -> None:
    def hide(made: Any, sheets: Any) -> None:
        sheets["A"].set_row(1, None, None, {"hidden": True})
        sheets["B"].hide()

    parsed = read({"A": FAQ, "B": [["Q", "A"], ["能退吗？", "能"]]}, hide)
    assert len(parsed.entries) == 3
    assert "sheet 'A': 1 row is hidden in the file and was read too" in parsed.notes
    assert "sheet 'B': the sheet is hidden in the file and was read too" in parsed.notes


@pytest.mark.parametrize("first", [[], [["Kysymys", "Vastaus", "Aihe"]]])
def test_without_a_known_heading_the_columns_are_taken_that_look_right_and_that_is_said(first: list[list[str]]) -> None:
    rows = [*first, ["How long?", "Two days at most", "x"], ["Who pays for it?", "You do, sorry", "x"]]
    parsed = read({"S": rows})
    assert pairs(parsed) == [("How long?", "Two days at most"), ("Who pays for it?", "You do, sorry")]
    assert len(parsed.doubts) == 1
    assert re.search(r"column A.* as the question, column B.* as the answer", parsed.doubts[0])


def test_an_answer_under_an_unknown_heading_is_found_by_its_looks() -> None:
    rows = [
        ["问题", "我们这样说", "负责人"],
        ["多久发货？", "一般两天内发出", "张三丰和李四"],
        ["怎么付款？", "请扫码支付", "王五和赵六七"],
    ]
    parsed = read({"S": rows})
    assert pairs(parsed) == [("多久发货？", "一般两天内发出"), ("怎么付款？", "请扫码支付")]
    assert "column B ('我们这样说') as the answer" in parsed.doubts[0]


@pytest.mark.parametrize(
    "other",
    [
        [["待补充的问题"], ["能开发票吗？"], ["在哪里看物流？"]],
        [["标准问题", "标准问"], ["能退吗？", "能退吗"]],
        [["问题", "负责人"], ["能退吗？", "张三"]],
    ],
)
def test_a_sheet_that_looks_like_questions_and_cannot_be_taken_stops_and_asks(other: list[list[object]]) -> None:
    with pytest.raises(UnclearTable, match="sheet '其他'"):
        read({"发货": FAQ, "其他": other})
    chosen = read({"发货": FAQ, "其他": other}, choice=Choice.of(sheets=["发货"]))
    assert len(chosen.entries) == 2
    assert lost(chosen.losses) == {"sheet '其他'": len(other)}


def test_columns_are_what_a_person_says_they_are() -> None:
    rows = [["标题行"], ["问题", "内部问题", "说明文字"], ["x1", "多久？", "两天"], ["x2", "谁送？", "我们"]]
    by_heading = read({"S": rows}, choice=Choice.of(["question=内部问题", "answer=说明文字"]))
    assert pairs(by_heading) == [("多久？", "两天"), ("谁送？", "我们")]
    by_letter = read({"S": rows[2:]}, choice=Choice.of(["question=B", "answer=C"]))
    assert pairs(by_letter) == [("多久？", "两天"), ("谁送？", "我们")]
    assert (by_heading.doubts, by_letter.doubts) == ((), ())


def test_names_of_a_json_file_are_what_a_person_says_they_are() -> None:
    data = '[{"title": "多久？", "body": "两天", "question": "内部"}]'.encode()
    parsed = read_bytes(data, "kb.json", choice=Choice.of(["question=title", "answer=body"]))
    assert pairs(parsed) == [("多久？", "两天")]


@pytest.mark.parametrize("pair", ["question", "question=", "price=B", "=B"])
def test_a_choice_that_says_no_column_is_refused(pair: str) -> None:
    with pytest.raises(InvalidRequest):
        Choice.of([pair])
    with pytest.raises(InvalidRequest):
        Choice.of(["question=A", "问题=B"])


def test_a_sheet_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnreadableFile, match=r"no sheet '付款'.*'发货'"):
        read({"发货": FAQ}, choice=Choice.of(sheets=["付款"]))


def test_a_workbook_without_questions_is_refused() -> None:
    with pytest.raises(MissingColumn, match=r"no column 'question'.*it has '产品', '价格'.*map question=HEADING"):
        read({"价格": PRICES})


def test_sheets_that_count_their_rows_anew_have_no_ids() -> None:
    parsed = read({"A": [["ID", "Q", "A"], [1, "When?", "Now"]], "B": [["ID", "Q", "A"], [1, "Who?", "We"]]})
    assert pairs(parsed) == [("When?", "Now"), ("Who?", "We")]
    assert all(entry.entry_id.startswith("q-") for _, entry in parsed.entries)
    assert lost(parsed.losses) == {"column 'id'": 2}


def test_a_row_in_two_sheets_is_a_duplicate_and_a_contradiction_names_both_sheets() -> None:
    same = read({"A": FAQ, "B": FAQ})
    assert [error.kind for error in same.errors] == ["duplicate", "duplicate"]
    other = read({"A": FAQ, "B": [["问题", "答案"], ["多久发货？", "三天"]]})
    assert [(error.sheet, error.kind) for error in other.errors] == [("B", "conflict")]
    assert "the same as in sheet 'A', line 2" in other.errors[0].message

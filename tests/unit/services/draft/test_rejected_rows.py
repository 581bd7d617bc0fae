from __future__ import annotations

import csv
import io

import pytest

from faqbot.formats import Choice, read_bytes, to_bytes
from faqbot.knowledge import Entry
from faqbot.services.draft.import_plan import plan_import
from faqbot.services.draft.rejected_rows import RejectedFile, rejected_file
from tests.unit.formats.tables.books import book

ROWS = "问题,答案,状态\n多久发货？,两天,ok\n,没有问题,ok\n多久发货,三天,ok\n？,。,ok\n"


def rejected(name: str, data: bytes) -> RejectedFile | None:
    parsed = read_bytes(data, name, choice=Choice())
    return rejected_file(name, parsed, plan_import(parsed, (), skip_invalid=True).rows)


def test_the_good_rows_are_taken_and_the_others_say_why_they_are_not() -> None:
    parsed = read_bytes(ROWS.encode(), "kb.csv")
    plan = plan_import(parsed, (), skip_invalid=True)
    assert ([entry.answer for entry in plan.put], plan.is_refused) == (["两天"], False)
    found = rejected("kb.csv", ROWS.encode())
    assert found is not None
    assert (found.name, found.count) == ("kb.rejected.csv", 3)
    header, *rows = csv.reader(io.StringIO(found.content.decode("utf-8-sig"), newline=""))
    assert header == ["question", "answer", "reason"]
    assert [row[:2] for row in rows] == [["", "没有问题"], ["多久发货", "三天"], ["？", "。"]]
    assert "is empty" in rows[0][2]
    assert "the same as in line 2" in rows[1][2]


@pytest.mark.parametrize("name", ["kb.csv", "kb.xlsx", "kb.json", "kb.jsonl", "kb.yaml"])
def test_a_file_of_rejected_rows_imports_once_it_is_mended(name: str) -> None:
    ending = name.rpartition(".")[2]
    good = [Entry("a", "问一", ("甲##乙", "丙"), answer="=1", tags=("x,y", "z")), Entry("b", "问二", answer="答")]
    data = to_bytes(ending, good)
    # The same ids with other answers contradict: the second half is rejected.
    other = [Entry("a", "问一", ("甲##乙", "丙"), answer="+2", tags=("x,y", "z")), Entry("b", "问二", answer="新")]
    twice = to_bytes(ending, [*good, *other])
    found = rejected(name, twice)
    assert found is not None
    assert (found.format, found.count) == (ending, 2)
    mended = read_bytes(found.content, found.name)
    assert [entry for _, entry in mended.entries] == other
    assert mended.errors == ()
    assert rejected(name, data) is None


def test_what_can_only_be_read_comes_back_as_xlsx_with_the_cell_that_was_at_fault_empty() -> None:
    def fault(_made: object, sheets: dict[str, object]) -> None:
        sheets["S"].write_formula("B2", "=1/0", None, "#DIV/0!")  # type: ignore[attr-defined]

    found = rejected("kb.xlsm", book({"S": [["问题", "答案"], ["多久？", ""], ["谁送？", "我们"]]}, fault))
    assert found is not None
    assert (found.name, found.format) == ("kb.rejected.xlsx", "xlsx")
    assert [(e.standard_question, e.answer) for _, e in read_bytes(found.content, found.name).entries] == [
        ("多久？", "")
    ]


def test_without_a_good_row_nothing_is_taken() -> None:
    plan = plan_import(read_bytes(b"question,answer\n,a\n", "kb.csv"), (), skip_invalid=True)
    assert (plan.put, plan.is_refused) == ((), True)

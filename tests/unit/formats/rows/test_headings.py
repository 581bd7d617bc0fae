from __future__ import annotations

import pytest
import yaml

from faqbot.formats.rows.columns import COLUMNS, column_of
from faqbot.formats.rows.headings import _FILE, NUMBER, REMARK, folded, is_given_by_a_program, meaning_of


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("客户问题", "question"),
        ("標準問題", "question"),
        ("Q", "question"),
        ("FAQ", "question"),
        ("Pregunta frecuente", "question"),
        ("HÄUFIGE FRAGEN", "question"),
        ("Ｑｕｅｓｔｉｏｎ", "question"),
        ("*问题（必填）", "question"),
        ("问题 / Question", "question"),
        ("问题 Question", "question"),
        ("Question\n(English)", "question"),
        ("ご質問", "question"),
        ("câu hỏi", "question"),
        ("السؤال", "question"),
        ("标准答案", "answer"),
        ("Response:", "answer"),
        ("RÉPONSE", "answer"),
        ("Ответ", "answer"),
        ("답변", "answer"),
        ("相似问法（多个用##隔开）", "similar"),
        ("Similar question 3", "similar"),
        ("相似问2", "similar"),
        ("问题分类", "category"),
        ("序号", NUMBER),
        ("No.", NUMBER),
        ("#", NUMBER),
        ("备注", REMARK),
        ("问题/答案", None),
        ("Price", None),
        ("", None),
        ("How do I get a refund, and how long does it take until the money is here?", None),
        (None, None),
        (3.0, None),
    ],
)
def test_a_heading_is_understood_by_its_meaning(heading: object, meaning: str | None) -> None:
    assert meaning_of(heading) == meaning


def test_no_word_of_the_list_means_two_things() -> None:
    loaded = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only
    assert set(loaded) - {"sheet"} <= {*COLUMNS, NUMBER, REMARK}
    meanings: dict[str, set[str]] = {}
    for meaning, languages in loaded.items():
        for word in (word for words in languages.values() for word in words if meaning != "sheet"):
            meanings.setdefault(folded(word), set()).update({meaning, column_of(word) or meaning})
            assert folded(word), word
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize(("name", "is_given"), [("Sheet1", True), ("工作表 2", True), ("Лист1", True), ("退款", False)])
def test_a_sheet_that_nobody_named_says_nothing(name: str, is_given: bool) -> None:
    assert is_given_by_a_program(name) is is_given

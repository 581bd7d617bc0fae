from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from faqbot.formats.rows import columns
from faqbot.formats.rows.columns import BadValueError


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("ID", "id"),
        ("编号", "id"),
        (" Question ", "question"),
        ("标准问", "question"),
        ("标准问题", "question"),
        ("问题", "question"),
        ("ｑｕｅｓｔｉｏｎ", "question"),
        ("\ufeffquestion", "question"),
        ("Standard Question", "question"),
        ("相似问", "similar"),
        ("相似问题", "similar"),
        ("答案", "answer"),
        ("回答", "answer"),
        ("lang", "language"),
        ("语言", "language"),
        ("分类", "category"),
        ("标签", "tags"),
        ("启用", "enabled"),
        ("生效时间", "valid_from"),
        ("失效时间", "valid_until"),
        ("Valid Until", "valid_until"),
        ("人群", "segments"),
        ("追问", "prompts"),
        ("附件", "attachments"),
        ("回答阈值", "answer_threshold"),
        ("title", None),
        ("", None),
        (3, None),
    ],
)
def test_headers_are_known_in_both_languages(header: object, column: str | None) -> None:
    assert columns.column_of(header) == column


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (13800000000.0, "13800000000"),
        (1.5, "1.5"),
        (7, "7"),
        (None, ""),
        (datetime.date(2026, 1, 31), "2026-01-31"),
        (datetime.time(9, 30), "09:30:00"),
        ("  a\r\nb\rc\x00\x0b\x07 ", "a\nb\nc"),
    ],
)
def test_any_single_value_becomes_text(value: object, text: str) -> None:
    assert columns.text(value) == text


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (True, "true or false where text belongs; put it in quotes"),
        (["a"], "a list where text belongs"),
        ({"a": 1}, "names and values where text belongs"),
        ("\ud83d", "half a character"),
    ],
)
def test_what_is_no_text_is_refused(value: object, problem: str) -> None:
    with pytest.raises(BadValueError, match=problem):
        columns.text(value)


@pytest.mark.parametrize(
    ("value", "questions"),
    [
        ("a\nb\r\nc", ("a", "b", "c")),
        ("a##b## ", ("a", "b")),
        ("a##b\nc", ("a", "b", "c")),
        ('["a##b", "c"]', ("a##b", "c")),
        ('["not json]', ('["not json]',)),
        (["a##b", "", None, 5], ("a##b", "5")),
        ("", ()),
        (None, ()),
    ],
)
def test_similar_questions_come_from_lists_and_cells(value: object, questions: tuple[str, ...]) -> None:
    assert columns.similar(value) == questions


def test_a_bad_similar_question_is_named_by_its_number() -> None:
    with pytest.raises(BadValueError, match="number 2, that has no letter"):
        columns.similar(["fine", "？？"])
    with pytest.raises(BadValueError, match="number 1, that is 1001 characters"):
        columns.similar("x" * 1001)
    with pytest.raises(BadValueError, match="501 questions; at most 500"):
        columns.similar(["x"] * 501)
    with pytest.raises(BadValueError, match="a list where text"):
        columns.similar([["nested"]])


def test_tags_are_split_at_every_usual_separator_and_kept_once() -> None:
    assert columns.tags("a, b;c、d，e；f\ng,a") == ("a", "b", "c", "d", "e", "f", "g")
    assert columns.tags(["a,b", "c", "c", ""]) == ("a,b", "c")


@pytest.mark.parametrize("value", [True, 1, 1.0, "TRUE", " Yes ", "是", "1", "", None])
def test_these_mean_enabled(value: object) -> None:
    assert columns.enabled(value) is True


@pytest.mark.parametrize("value", [False, 0, 0.0, "False", "no", "否", "0"])
def test_these_mean_disabled(value: object) -> None:
    assert columns.enabled(value) is False


@pytest.mark.parametrize("value", ["maybe", 2, "10"])
def test_anything_else_is_no_truth_value(value: object) -> None:
    with pytest.raises(BadValueError, match=r"write true or false \(also 1 or 0, yes or no, 是 or 否\)"):
        columns.enabled(value)


@pytest.mark.parametrize("good", ["a-b_c.d:e", "退款.en", "card_payment?", "a b", "q/1", "é" * 100])
def test_ids_may_hold_letters_digits_and_punctuation(good: str) -> None:
    assert columns.identifier(good) == good


@pytest.mark.parametrize("bad", ["<b>", 'a"b', "a\\b", "a`b", "a\u200bb", "é" * 101])
def test_ids_may_not_hold_what_breaks_pages_or_hides(bad: str) -> None:
    with pytest.raises(BadValueError):
        columns.identifier(bad)


@pytest.mark.parametrize(
    ("value", "tag"), [("zh", "zh"), ("ZH_tw", "zh-tw"), ("中文", "zh"), ("English", "en"), ("", "")]
)
def test_languages_become_tags(value: str, tag: str) -> None:
    assert columns.language(value) == tag


@pytest.mark.parametrize("value", ["klingon!", "z", "中"])
def test_what_is_no_language_is_refused(value: str) -> None:
    with pytest.raises(BadValueError, match="language tag such as zh, en"):
        columns.language(value)


@pytest.mark.parametrize(
    ("check", "limit"), [(columns.question, 1000), (columns.answer, 100_000), (columns.identifier, 100)]
)
def test_limits_are_kept_to_the_character(check: Callable[[object], str], limit: int) -> None:
    assert len(check("x" * limit)) == limit
    with pytest.raises(BadValueError, match=f"is {limit + 1} characters long; at most {limit}"):
        check("x" * (limit + 1))

from __future__ import annotations

import copy
import json
import pickle

import pytest

from faqbot.errors import FaqbotError
from faqbot.language import Text, _n, translated
from faqbot.language import _ as message


def test_a_message_is_its_english_sentence_and_has_a_chinese_one() -> None:
    text = message("Key {number} is revoked.", number=7)
    assert text == "Key 7 is revoked."
    assert translated(text, "zh") == "密钥 7 已吊销。"
    assert translated(text, "en") == text


def test_messages_inside_messages_and_lists_are_translated_too() -> None:
    inner = [message("{count} {verdict}", count=2, verdict=message("new")), message("{count} removed", count=1)]
    text = message("{file}: {counts}", file="a.csv", counts=inner)
    assert text == "a.csv: 2 new, 1 removed"
    assert translated(text, "zh") == "a.csv：新增 2 条、删除 1 条"


@pytest.mark.parametrize(("count", "english"), [(0, "0 jobs done."), (1, "1 job done."), (2, "2 jobs done.")])
def test_what_is_counted_agrees_with_its_number(count: int, english: str) -> None:
    text = _n("{count} job done.", "{count} jobs done.", count)
    assert text == english
    assert translated(text, "zh") == f"已完成 {count} 个任务。"


def test_braces_in_a_value_and_in_a_message_without_values_are_left_alone() -> None:
    text = message("Key {number} is revoked.", number="{count}")
    assert (text, translated(text, "zh")) == ("Key {count} is revoked.", "密钥 {count} 已吊销。")
    assert message("write {this}") == "write {this}"


def test_what_nobody_has_translated_stays_english() -> None:
    assert translated("plain", "zh") == "plain"
    assert translated(message("No catalogue holds this {thing}.", thing="sentence"), "zh").endswith("this sentence.")


@pytest.mark.parametrize("through", [copy.deepcopy, copy.copy, lambda text: pickle.loads(pickle.dumps(text))])  # noqa: S301
def test_a_copy_can_still_be_translated(through: object) -> None:
    text = _n("{count} job done.", "{count} jobs done.", 3)
    copied = through(text)  # type: ignore[operator]
    assert (copied, translated(copied, "zh")) == ("3 jobs done.", "已完成 3 个任务。")


def test_programs_get_plain_english() -> None:
    text = message("Key {number} is revoked.", number=7)
    assert json.dumps(text) == '"Key 7 is revoked."'
    assert not isinstance(f"{text}", Text)
    assert {text: 1}["Key 7 is revoked."] == 1


def test_an_error_carries_its_message() -> None:
    error = FaqbotError(message("Key {number} is revoked.", number=7))
    assert (str(error), translated(error.message, "zh")) == ("Key 7 is revoked.", "密钥 7 已吊销。")


@pytest.mark.parametrize(
    ("quoted", "seen"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202eexe", "\\u202eexe"),
        ("\ud800", "\\ud800"),
        ("退款 😀", "退款 😀"),
    ],
)
def test_what_a_sentence_quotes_ends_no_line_and_moves_no_cursor(quoted: str, seen: str) -> None:
    assert message("There is no '{name}'.", name=quoted) == f"There is no '{seen}'."
    assert message("There is no {names}.", names=[quoted, "x"]) == f"There is no {seen}, x."

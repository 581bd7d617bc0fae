from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from faqbot.knowledge import Entry, clean, has_content, match_key, moment_of, topic_of, wordings_of


@pytest.fixture
def in_shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  怎么　退款？ ", "怎么 退款?"),
        ("ＡＢＣ１２３", "ABC123"),
        ("re\u200bfund\ufeff", "refund"),
        ("a\n\n b\tc", "a b c"),
        ("re\ud83dfund", "refund"),
    ],
)
def test_clean_folds_width_space_and_invisible_characters(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_clean_keeps_case_and_punctuation() -> None:
    assert clean("Is it OK?!") == "Is it OK?!"


@pytest.mark.parametrize("other", ["怎么退款?", "怎么 退款？", "怎么，退款！", "怎么退款"])
def test_match_key_ignores_punctuation_and_spaces(other: str) -> None:
    assert match_key(other) == match_key("怎么退款？")


def test_match_key_ignores_case_but_not_digits() -> None:
    assert match_key("Iphone 15") == match_key("IPHONE15")
    assert match_key("iphone 15") != match_key("iphone 16")


def test_match_key_of_punctuation_alone_stays_distinct() -> None:
    assert match_key("???") != match_key("!!!")


@pytest.mark.parametrize(
    ("text", "expected"), [("", False), (" \u200b ", False), ("?!。", False), ("7", True), ("退", True), ("👍", True)]
)
def test_only_letters_digits_and_symbols_count_as_content(text: str, expected: bool) -> None:
    assert has_content(text) is expected


def test_wordings_leave_out_repeats_of_the_standard_question() -> None:
    entry = Entry("a", "怎么退款？", ("怎么退款", "我要退款", "我要 退款!"))
    assert entry.wordings == ("怎么退款？", "我要退款")


def test_a_translation_shares_the_topic_of_its_original() -> None:
    assert topic_of("refund.en", "en") == "refund"
    assert Entry("refund", "怎么退款", language="zh").topic == Entry("refund.en", "How?", language="en").topic


@pytest.mark.parametrize(("entry_id", "language"), [("v1.de", "zh"), ("faq.en", ""), ("a.b.c1", "c1")])
def test_a_suffix_that_is_not_the_entrys_language_belongs_to_the_topic(entry_id: str, language: str) -> None:
    assert topic_of(entry_id, language) == entry_id


def test_wordings_of_keeps_entry_and_topic() -> None:
    [first, second] = wordings_of([Entry("r.en", "How?", ("What?",), language="en")])
    assert (first.entry_id, first.topic, first.text) == ("r.en", "r", "How?")
    assert second.text == "What?"


@pytest.mark.usefixtures("in_shanghai")
@pytest.mark.parametrize(
    ("text", "after", "moment"),
    [
        # Shanghai is eight hours ahead of UTC all year.
        ("2026-05-01", False, datetime(2026, 4, 30, 16, tzinfo=UTC)),
        ("2026-05-01", True, datetime(2026, 5, 1, 16, tzinfo=UTC)),
        ("2026-05-01T09:00", True, datetime(2026, 5, 1, 1, tzinfo=UTC)),
        ("2026-05-01T09:00+02:00", False, datetime(2026, 5, 1, 7, tzinfo=UTC)),
        ("9999-12-31", True, datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_date_is_midnight_on_this_machine_and_an_offset_is_believed(text: str, after: bool, moment: datetime) -> None:
    assert moment_of(text, after=after) == moment


def test_an_entry_answers_on_the_whole_last_day_and_for_good_where_nothing_is_stated() -> None:
    entry = Entry("a", "q", valid_from="2026-05-01T00:00Z", valid_until="2026-05-02T00:00Z")
    assert entry.starts <= datetime(2026, 5, 1, tzinfo=UTC) < entry.ends
    assert entry.ends <= datetime(2026, 5, 2, tzinfo=UTC)
    always = Entry("b", "q")
    assert always.starts < datetime(1, 1, 2, tzinfo=UTC) < datetime(9999, 12, 30, tzinfo=UTC) < always.ends

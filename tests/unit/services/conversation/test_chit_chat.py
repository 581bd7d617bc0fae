from __future__ import annotations

import pytest

from faqbot.services.conversation.chit_chat import ChitChat, SmallTalk

HELLO, THANKS = SmallTalk("Hello!", "en"), SmallTalk("不客气", "zh")
PACK = ChitChat(
    {"hello": HELLO, "thank you": HELLO, "good morning": HELLO, "thanks": HELLO, "谢谢": THANKS, "👍": THANKS}
)


@pytest.mark.parametrize(
    "text", ["hello", " HELLO!! ", "hellooo", "Thank you.", "thank yuo", "goodmorning", "god morning"]
)
def test_case_punctuation_lengthened_letters_and_one_slip_in_a_long_phrase_do_not_count(text: str) -> None:
    assert PACK.reply_to(text) == HELLO


@pytest.mark.parametrize("text", ["谢谢", "谢谢啦～", "谢谢谢谢", "👍👍"])
def test_chinese_phrases_may_be_repeated_and_softened(text: str) -> None:
    assert PACK.reply_to(text) == THANKS


@pytest.mark.parametrize(
    "text",
    ["hello, where is my order", "tanks", "hell", "谢谢你们什么时候发货", "感谢信怎么写", "啊", "thankyou card"],
)
def test_whatever_is_more_or_other_than_a_phrase_is_a_question(text: str) -> None:
    assert PACK.reply_to(text) is None

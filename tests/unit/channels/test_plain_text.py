from __future__ import annotations

from dataclasses import replace

from faqbot.channels.plain_text import plain_text, text_with_follow_ups
from faqbot.channels.rasa import reply_messages
from faqbot.services.values.replies import Offer
from tests.unit.channels.replies import reply

ANSWER = replace(reply("answer", "三天内。"), prompts=(Offer("a", "怎么开发票？"), Offer("b", "多久发货？")))


def test_follow_ups_are_numbered_below_the_answer_so_that_a_number_can_choose_one() -> None:
    assert text_with_follow_ups(ANSWER) == "三天内。\n\n您可能还想问：\n1. 怎么开发票？\n2. 多久发货？"


def test_a_door_without_a_conversation_gives_the_answer_alone() -> None:
    assert plain_text(ANSWER) == "三天内。"


def test_what_else_was_near_is_not_listed_below_an_answer() -> None:
    assert text_with_follow_ups(reply("answer", "三天内。", "别的问题")) == "三天内。"


def test_suggestions_are_numbered_below_their_sentence() -> None:
    assert plain_text(reply("suggest", "您是不是想问：", "甲？", "乙？")) == "您是不是想问：\n1. 甲？\n2. 乙？"


def test_follow_ups_are_buttons_in_rasas_channel() -> None:
    [message] = reply_messages(ANSWER, "u1")
    assert message["buttons"] == [
        {"title": "怎么开发票？", "payload": "怎么开发票？"},
        {"title": "多久发货？", "payload": "多久发货？"},
    ]

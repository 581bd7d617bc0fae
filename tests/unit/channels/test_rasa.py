from __future__ import annotations

import json
from dataclasses import replace

import pytest

from faqbot.channels.rasa import Incoming, read_message, reply_messages, stream_lines, text_messages
from faqbot.services.values.replies import Offer
from tests.unit.channels.replies import reply


def test_a_message_is_read_with_its_sender() -> None:
    assert read_message({"sender": "u1", "message": "怎么退款", "metadata": {}}) == Incoming("u1", "怎么退款")


@pytest.mark.parametrize(
    "body", [None, [], "text", {}, {"message": None}, {"message": 5}, {"sender": 7, "message": []}]
)
def test_what_is_missing_becomes_the_default_sender_and_no_text(body: object) -> None:
    assert read_message(body) == Incoming("default", "")


def test_an_answer_is_split_at_blank_lines() -> None:
    messages = reply_messages(reply("answer", "1. 打开订单\n2. 点退款\n\n \n三天到账。"), "u1")
    assert messages == [
        {"recipient_id": "u1", "text": "1. 打开订单\n2. 点退款"},
        {"recipient_id": "u1", "text": "三天到账。"},
    ]


def test_suggestions_are_buttons_that_send_their_question() -> None:
    messages = reply_messages(reply("suggest", "您是不是想问：", "如何退款", "多久到账"), "u1")
    assert messages == [
        {
            "recipient_id": "u1",
            "text": "您是不是想问：",
            "buttons": [{"title": "如何退款", "payload": "如何退款"}, {"title": "多久到账", "payload": "多久到账"}],
        }
    ]


def test_an_answer_carries_no_buttons() -> None:
    assert reply_messages(reply("answer", "好。", "别的问题"), "u1") == [{"recipient_id": "u1", "text": "好。"}]


def test_what_goes_with_an_answer_and_what_may_follow_it_are_told() -> None:
    full = replace(
        reply("answer", "三天到账。"),
        attachments=("https://a.example/1.pdf",),
        prompts=(Offer("late", "没到账怎么办？"),),
    )
    assert reply_messages(full, "u1") == [
        {"recipient_id": "u1", "text": "三天到账。"},
        {
            "recipient_id": "u1",
            "text": "https://a.example/1.pdf",
            "buttons": [{"title": "没到账怎么办？", "payload": "没到账怎么办？"}],
        },
    ]


def test_the_default_sender_is_no_conversation() -> None:
    assert read_message({"message": "退款"}).session_id == ""
    assert read_message({"sender": "u1", "message": "退款"}).session_id == "u1"


def test_there_is_always_at_least_one_message() -> None:
    assert text_messages("", "u1") == [{"recipient_id": "u1", "text": ""}]


def test_a_stream_is_one_json_object_per_line_without_a_prefix() -> None:
    lines = stream_lines(text_messages("一\n\n二", "u1"))
    assert [json.loads(line) for line in "".join(lines).splitlines()] == [
        {"recipient_id": "u1", "text": "一"},
        {"recipient_id": "u1", "text": "二"},
    ]
    assert "data:" not in "".join(lines)

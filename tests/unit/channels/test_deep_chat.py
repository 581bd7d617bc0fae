from __future__ import annotations

import json
from dataclasses import replace

import pytest

from faqbot.channels.deep_chat import error_message, events, read_message, reply_events, reply_message, text_message
from faqbot.services.values.replies import Offer
from tests.unit.channels.replies import reply


def test_the_customers_newest_text_is_read() -> None:
    messages = [
        {"role": "user", "text": "第一"},
        {"role": "ai", "text": "答"},
        {"role": "user", "text": "第二"},
        {"role": "ai", "text": "答"},
    ]
    incoming = read_message({"messages": messages, "session_id": "u1"})
    assert (incoming.text, incoming.session_id) == ("第二", "u1")


@pytest.mark.parametrize("body", [None, [], {}, {"messages": None}, {"messages": [1]}, {"messages": [{"text": 5}]}])
def test_a_body_without_text_gives_none(body: object) -> None:
    incoming = read_message(body)
    assert (incoming.text, incoming.session_id) == ("", "")


def test_an_answer_travels_as_text_and_never_as_html() -> None:
    message = reply_message(reply("answer", "退款 < 3 天\n\n**好**", "别的"))
    assert message == {"text": "退款 < 3 天\n\n**好**"}


def test_what_may_follow_an_answer_is_a_button_except_in_a_stream() -> None:
    full = replace(reply("answer", "好。"), attachments=("https://a.example/1.pdf",), prompts=(Offer("late", "<b>?"),))
    message = reply_message(full)
    assert message["text"] == "好。\n\nhttps://a.example/1.pdf"
    assert str(message["html"]).endswith(">&lt;b&gt;?</button>")
    assert "html" not in "".join(reply_events(full))


def test_suggestions_are_buttons_with_their_texts_escaped() -> None:
    message = reply_message(reply("suggest", "您是不是想问：", '<img src=x onerror="alert(1)">'))
    assert message == {
        "text": "您是不是想问：",
        "html": '<button class="deep-chat-button deep-chat-suggestion-button">'
        "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</button>",
    }


@pytest.mark.parametrize("text", ["", "a"])
def test_no_message_is_ever_empty(text: str) -> None:
    assert text_message(text)["text"]
    assert error_message("坏了") == {"error": "坏了"}


@pytest.mark.parametrize("link", ["[点](javascript:alert(1))", "[点](java&#115;cript:alert(1))", "[点]( JAVASCRIPT:x)"])
def test_a_dangerous_link_in_an_answer_leads_nowhere(link: str) -> None:
    assert "](#" in str(reply_message(reply("answer", link))["text"]).replace(" ", "")


def test_an_answer_with_html_arrives_without_any_element() -> None:
    assert "<" not in str(reply_message(reply("answer", "好<script>alert(1)</script><img src=x onerror=y>"))["text"])


def test_a_stream_ends_with_done_and_is_made_of_events() -> None:
    assert "".join(reply_events(reply("answer", "七天\n内"))) == 'data: {"text": "七天\\n内"}\n\ndata: [DONE]\n\n'


def test_a_streamed_suggestion_is_html_alone_with_everything_escaped() -> None:
    first, last = reply_events(reply("suggest", "a < b", "<b>"))
    body = json.loads(first.removeprefix("data: "))
    assert list(body) == ["html"]
    assert body["html"].startswith("<p>a &lt; b</p><button ")
    assert "&lt;b&gt;</button>" in body["html"]
    assert last == "data: [DONE]\n\n"


def test_an_error_can_be_streamed() -> None:
    assert events(error_message("坏了"))[0] == 'data: {"error": "坏了"}\n\n'

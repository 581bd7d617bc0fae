from __future__ import annotations

from typing import Any

import pytest

from faqbot.channels.messengers.slack import Incoming, mrkdwn, read_choice, read_event, reply_message
from tests.unit.channels.replies import reply

DIRECT = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "怎么退款", "ts": "17.1"}
MENTION = {
    "type": "app_mention",
    "channel": "C1",
    "user": "U1",
    "text": "<@U0BOT> 1 &lt; 2 &amp;&amp; 退?",
    "ts": "17.2",
}


def _event(event: Any, **changes: Any) -> dict[str, Any]:
    return {"type": "event_callback", "event_id": "Ev1", "event": {**event, **changes}}


def test_a_direct_message_is_answered_in_place_and_a_mention_in_its_thread() -> None:
    assert read_event(_event(DIRECT)) == Incoming("Ev1", "D1", "", "U1", "怎么退款")
    assert read_event(_event(MENTION)) == Incoming("Ev1", "C1", "17.2", "U1", "1 < 2 && 退?")
    assert read_event(_event(MENTION, thread_ts="16.9")) == Incoming("Ev1", "C1", "16.9", "U1", "1 < 2 && 退?")


@pytest.mark.parametrize(
    "body",
    [
        _event(DIRECT, bot_id="B1"),
        _event(DIRECT, subtype="message_changed"),
        _event(DIRECT, channel_type="channel"),
        _event({"type": "reaction_added"}),
        {"type": "event_callback", "event": DIRECT},
        {"type": "event_callback", "event": None},
        {"type": "app_rate_limited"},
        [],
        None,
    ],
)
def test_what_people_did_not_write_to_the_bot_is_left_alone(body: Any) -> None:
    assert read_event(body) is None


def test_markdown_becomes_what_slack_reads() -> None:
    assert mrkdwn("点**申请退款** [这里](https://a.example/?b=1&c=2) 1 < 2") == (
        "点*申请退款* <https://a.example/?b=1&amp;c=2|这里> 1 &lt; 2"
    )
    assert mrkdwn("[x](javascript:alert(1)) <!channel>") == "[x](javascript:alert(1)) &lt;!channel&gt;"


def test_suggestions_are_buttons_whose_click_asks_them() -> None:
    asked = Incoming("Ev1", "C1", "17.2", "U1", "退款")
    body: Any = reply_message(reply("suggest", "您是不是想问：", "如何退款？", "长" * 80), asked)
    assert (body["channel"], body["thread_ts"]) == ("C1", "17.2")
    assert body["text"] == "您是不是想问：\n1. 如何退款？\n2. " + "长" * 80
    first, second = body["blocks"][1]["elements"]
    assert (first["text"]["text"], len(second["text"]["text"])) == ("如何退款？", 75)
    click = {
        "type": "block_actions",
        "trigger_id": "T1",
        "user": {"id": "U2"},
        "container": {"channel_id": "C1", "thread_ts": "17.2"},
        "actions": [{"value": second["value"]}],
    }
    assert read_choice(click) == Incoming("T1", "C1", "17.2", "U2", "长" * 80)
    assert read_choice({"type": "view_submission"}) is None
    assert read_choice({"type": "block_actions", "actions": []}) is None

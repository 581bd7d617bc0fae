"""Chatwoot's agent bot. Chatwoot itself cannot be had here: a stand-in takes the replies, and what reaches it is
compared with what chatwoot-sdk sends."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chatwoot import ChatwootClient

from faqbot.channels.signatures import sign
from faqbot.delivery.outbox import Outbox
from faqbot.encoder import Encoder
from tests.integration.channels.served import SERVED
from tests.integration.channels.stand_in import StandIn, stand_in
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

SECRET = "chatwoot's webhook secret"
TOKEN = "the bot's access token"
MESSAGES = "/api/v1/accounts/1/conversations/77/messages"
STATUS = "/api/v1/accounts/1/conversations/77/toggle_status"


@pytest.fixture(scope="module")
def chatwoot() -> Iterator[StandIn]:
    with stand_in() as listening:
        yield listening


@pytest.fixture(scope="module")
def bot(chatwoot: StandIn, compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose bot replies to the stand-in."""
    channels = {"chatwoot_url": chatwoot.url, "chatwoot_secret": SECRET, "chatwoot_token": TOKEN}
    opened = open_shop(tmp_path_factory.mktemp("bot"), compact_encoder, entries=SERVED, channels=channels)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _nothing_received(chatwoot: StandIn) -> None:
    chatwoot.received.clear()
    chatwoot.answer = lambda _: (200, {})


def _event(number: int, content: str | None = "怎么退货", **changes: Any) -> dict[str, Any]:
    """What Chatwoot sends for a customer's message; `status` goes into the conversation."""
    status = changes.pop("status", "pending")
    return {
        "event": "message_created",
        "id": number,
        "content": content,
        "content_type": "text",
        "content_attributes": {},
        "message_type": "incoming",
        "private": False,
        "sender": {"id": 9, "name": "客户"},
        "inbox": {"id": 2, "name": "网站"},
        "account": {"id": 1, "name": "商城"},
        "conversation": {"id": 77, "inbox_id": 2, "status": status, "channel": "Channel::WebWidget"},
        **changes,
    }


def _post(bot: Shop, event: Any, *, secret: str = SECRET, path: str = "/channels/chatwoot", ago: int = 0) -> Any:
    body = json.dumps(event).encode()
    stamp = str(int(time.time()) - ago)
    headers = {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": sign(secret, stamp, body)}
    return bot.client().post(path, data=body, headers=headers, content_type="application/json")


def test_an_answer_reaches_the_conversation_as_chatwoots_own_client_would_send_it(bot: Shop, chatwoot: StandIn) -> None:
    assert _post(bot, _event(1, "国外能收到吗")).get_json() == {"status": "accepted"}
    [ours] = chatwoot.wait_for(1)
    with ChatwootClient(chatwoot.url, TOKEN) as client:
        chatwoot.answer = lambda _: (
            200,
            {"id": 1, "content": "", "message_type": 1, "conversation_id": 77, "created_at": 0},
        )
        client.messages.create(1, 77, "目前只寄国内。", content_type="text")
    [_, theirs] = chatwoot.wait_for(2)
    assert (ours.method, ours.path, ours.body) == (theirs.method, theirs.path, theirs.body)
    assert ours.headers["api_access_token"] == theirs.headers["api_access_token"] == TOKEN


def test_suggestions_are_a_list_to_choose_from_and_the_choice_is_answered(bot: Shop, chatwoot: StandIn) -> None:
    _post(bot, _event(2, "退钱"))
    [asked] = chatwoot.wait_for(1)
    items = [{"title": text, "value": text} for text in ("如何申请退款？", "退款多久到账？")]
    assert asked.body == {
        "content": "您是不是想问：",
        "message_type": "outgoing",
        "private": False,
        "content_type": "input_select",
        "content_attributes": {"items": items},
    }
    chosen = _event(
        3,
        "您是不是想问：",
        event="message_updated",
        message_type="outgoing",
        content_type="input_select",
        content_attributes={"items": items, "submitted_values": [items[1]]},
    )
    assert _post(bot, chosen).get_json() == {"status": "accepted"}
    assert chatwoot.wait_for(2)[1].body["content"] == "1 到 3 个工作日。"


@pytest.mark.parametrize(
    ("number", "text", "sentence"),
    [
        (10, "麻烦转人工", "好的，正在为您转接人工客服，请稍候。"),
        (11, "talk to a human please", "All right, I am handing you over to a colleague; one moment please."),
        (12, "How tall is Mount Everest?", "Sorry, I have no answer to that yet; I am handing you over"),
    ],
)
def test_a_person_takes_over_where_one_is_asked_for_or_nothing_answers(
    bot: Shop, chatwoot: StandIn, number: int, text: str, sentence: str
) -> None:
    _post(bot, _event(number, text))
    opened, said = chatwoot.wait_for(2)
    assert (opened.path, opened.body) == (STATUS, {"status": "open"})
    assert said.path == MESSAGES
    assert said.body["content"].startswith(sentence)


def test_a_customer_whom_nothing_that_was_offered_helps_gets_a_person(bot: Shop, chatwoot: StandIn) -> None:
    elsewhere = {"id": 500, "status": "pending"}
    _post(bot, _event(13, "退钱", conversation=elsewhere))
    assert chatwoot.wait_for(1)[0].body["content_type"] == "input_select"
    _post(bot, _event(14, "都不是", conversation=elsewhere))
    opened, said = chatwoot.wait_for(3)[1:]
    assert opened.path == "/api/v1/accounts/1/conversations/500/toggle_status"
    assert said.body["content"].startswith("抱歉，我暂时没有找到这个问题的答案，正在为您转接人工客服")


@pytest.mark.parametrize(
    "event",
    [
        _event(20, status="open"),
        _event(20, status="resolved"),
        _event(20, message_type="outgoing"),
        _event(20, message_type="template"),
        _event(20, private=True),
        _event(20, event="message_updated"),
        _event(20, event="conversation_opened"),
        _event(20, event="webwidget_triggered"),
        _event(20, conversation=None),
        {},
        [],
        None,
    ],
)
def test_what_is_no_business_of_the_bot_is_left_alone(bot: Shop, chatwoot: StandIn, event: Any) -> None:
    assert _post(bot, event).get_json() == {"status": "ignored"}
    # Whatever would have been sent before this reply would have come before it.
    _post(bot, _event(100 + random.randrange(10**9), "多久发货？"))  # noqa: S311
    assert len(chatwoot.wait_for(1)) == 1


def test_a_message_without_text_or_sense_is_told_so(bot: Shop, chatwoot: StandIn) -> None:
    _post(bot, _event(30, None))
    assert chatwoot.wait_for(1)[0].body["content"] == "我只能读文字，请把您的问题打出来。"
    _post(bot, _event(31, "？？？"))
    assert chatwoot.wait_for(2)[1].body["content"] == "请输入您的问题。"


def test_only_chatwoot_is_let_in(bot: Shop) -> None:
    event = _event(40)
    assert_error(_post(bot, event, secret="a guessed secret"), 401, "bad_signature")
    assert_error(_post(bot, event, ago=301), 401, "bad_signature")
    assert_error(bot.client("admin").post("/channels/chatwoot", json=event), 401, "bad_signature")
    # The secret in the address opens nothing while nobody has allowed it.
    assert_error(bot.client().post(f"/channels/chatwoot?token={SECRET}", json=event), 401, "bad_signature")


def test_an_old_chatwoot_that_signs_nothing_is_let_in_where_that_is_allowed(
    bot: Shop, chatwoot: StandIn, compact_encoder: Encoder, tmp_path: Any
) -> None:
    channels = {
        "chatwoot_url": chatwoot.url,
        "chatwoot_secret": SECRET,
        "chatwoot_token": TOKEN,
        "chatwoot_unsigned": True,
    }
    old = open_shop(tmp_path, compact_encoder, entries=SERVED, channels=channels)
    client = old.client()
    assert client.post(f"/channels/chatwoot?token={SECRET}", json=_event(1, "多久发货？")).status_code == 200
    assert chatwoot.wait_for(1)[0].body["content"] == "48 小时内发货。"
    for path in ("/channels/chatwoot", "/channels/chatwoot?token=", "/channels/chatwoot?token=guess"):
        assert_error(client.post(path, json=_event(2)), 401, "bad_signature")
    old.close()


def test_a_chatwoot_that_is_busy_gets_the_message_later_and_one_that_fails_gets_it_once(
    bot: Shop, chatwoot: StandIn
) -> None:
    statuses = iter([429, 503, 200])
    chatwoot.answer = lambda _: (next(statuses), {})
    _post(bot, _event(50, "多久发货？"))
    assert [request.body["content"] for request in chatwoot.wait_for(3)] == ["48 小时内发货。"] * 3
    # 500 may have been written down before it broke: trying again could show the customer the same twice.
    chatwoot.received.clear()
    chatwoot.answer = lambda _: (500, {})
    _post(bot, _event(51, "多久发货？"))
    chatwoot.wait_for(1)
    chatwoot.answer = lambda _: (200, {})
    _post(bot, _event(52, "怎么开发票？"))
    assert [request.body["content"] for request in chatwoot.wait_for(2)] == [
        "48 小时内发货。",
        "订单完成后在「发票」页申请。",
    ]


def test_two_hundred_deliveries_repeated_and_in_any_order_make_no_double_reply(bot: Shop, chatwoot: StandIn) -> None:
    events = [_event(1000 + n, f"多久发货？{'!' * n}", conversation={"id": n, "status": "pending"}) for n in range(50)]
    sent = events * 4
    random.Random(5).shuffle(sent)  # noqa: S311
    with ThreadPoolExecutor(8) as pool:
        statuses = [response.get_json()["status"] for response in pool.map(lambda event: _post(bot, event), sent)]
    assert (statuses.count("accepted"), statuses.count("duplicate")) == (50, 150)
    replied = [request.path for request in chatwoot.wait_for(50)]
    # A late double would come before this.
    _post(bot, _event(2000, "多久发货？"))
    assert len(chatwoot.wait_for(51)) == 51
    assert len(set(replied)) == 50


def test_a_conversation_that_goes_too_fast_gets_no_more_replies(
    chatwoot: StandIn, compact_encoder: Encoder, tmp_path: Any
) -> None:
    channels = {"chatwoot_url": chatwoot.url, "chatwoot_secret": SECRET, "chatwoot_token": TOKEN}
    limits = {"per_session": "2/minute"}
    shop = open_shop(tmp_path, compact_encoder, entries=SERVED, channels=channels, limits=limits)
    statuses = [_post(shop, _event(n, "多久发货？")).get_json()["status"] for n in range(3)]
    assert statuses == ["accepted", "accepted", "limited"]
    other = {"id": 78, "status": "pending"}
    assert _post(shop, _event(9, "多久发货？", conversation=other)).get_json() == {"status": "accepted"}
    assert len(chatwoot.wait_for(3)) == 3
    shop.close()


def test_a_full_outbox_refuses_so_that_chatwoot_comes_again(
    chatwoot: StandIn, compact_encoder: Encoder, tmp_path: Any
) -> None:
    channels = {"chatwoot_url": chatwoot.url, "chatwoot_secret": SECRET, "chatwoot_token": TOKEN}
    shop = open_shop(
        tmp_path, compact_encoder, entries=SERVED, channels=channels, outbox=Outbox(workers=1, most_waiting=0)
    )
    held = _event(1, "多久发货？")
    going_on = threading.Event()
    chatwoot.answer = lambda _: (200, {}) if going_on.wait(30) else (500, {})
    assert _post(shop, held).status_code == 200
    refused = _post(shop, _event(2, "多久发货？"))
    assert_error(refused, 429, "too_many_requests")
    assert refused.headers["Retry-After"] == "5"
    going_on.set()
    chatwoot.wait_for(1)
    # The refused one was not taken on, so it is answered when it comes again.
    while _post(shop, _event(2, "多久发货？")).status_code == 429:
        time.sleep(0.01)
    chatwoot.wait_for(2)
    shop.close()

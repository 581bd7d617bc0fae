"""企业微信 and 微信客服: callbacks are sealed by wechatpy. WeCom's own API cannot be had here: a stand-in takes the
replies and hands out messages."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
import xmltodict
from wechatpy.enterprise.crypto import WeChatCrypto

from faqbot.encoder import Encoder
from tests.integration.channels.served import SERVED
from tests.integration.channels.stand_in import Answer, Received, StandIn, stand_in
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

TOKEN = "callback token"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
CORP = "ww1234"
PATH = "/channels/wecom"


class Wecom:
    """WeCom as far as the stand-in plays it: hands out a token and the messages that customers wrote."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def answer(self, request: Received) -> Answer:
        if request.path.startswith("/cgi-bin/gettoken"):
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": "t-1", "expires_in": 7200}
        if request.path.startswith("/cgi-bin/kf/sync_msg"):
            # Pages of two, and the cursor is how many were handed out.
            start = int(request.body["cursor"] or 0)
            page = self.messages[start : start + 2]
            more = int(start + 2 < len(self.messages))
            cursor = str(start + len(page))
            return 200, {"errcode": 0, "next_cursor": cursor, "has_more": more, "msg_list": page}
        return 200, {"errcode": 0, "errmsg": "ok"}


@pytest.fixture
def wecom() -> Wecom:
    return Wecom()


@pytest.fixture
def vendor(wecom: Wecom) -> Iterator[StandIn]:
    with stand_in() as listening:
        listening.answer = wecom.answer
        yield listening


@pytest.fixture
def shop(vendor: StandIn, compact_encoder: Encoder, tmp_path: Any) -> Iterator[Shop]:
    channels = {
        "wecom_url": vendor.url,
        "wecom_corp_id": CORP,
        "wecom_agent_id": 1000002,
        "wecom_secret": "the app's secret",
        "wecom_token": TOKEN,
        "wecom_aes_key": AES_KEY,
    }
    opened = open_shop(tmp_path, compact_encoder, entries=SERVED, channels=channels)
    yield opened
    opened.close()


def _sealed(text: str, *, corp: str = CORP, token: str = TOKEN, ago: int = 0) -> tuple[dict[str, str], bytes]:
    """The query and the body of a callback, as wechatpy makes them."""
    stamp = str(int(time.time()) - ago)
    xml = WeChatCrypto(token, AES_KEY, corp).encrypt_message(text, "nonce-1", stamp)
    signature = xmltodict.parse(xml)["xml"]["MsgSignature"]
    return {"msg_signature": signature, "timestamp": stamp, "nonce": "nonce-1"}, xml.encode()


def _post(shop: Shop, text: str, **sealing: Any) -> Any:
    query, body = _sealed(text, **sealing)
    return shop.client().post(PATH, query_string=query, data=body, content_type="text/xml")


def _message(number: int, text: str, kind: str = "text", user: str = "zhangsan") -> str:
    return (
        f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>{user}</FromUserName><CreateTime>1790000000</CreateTime>"
        f"<MsgType>{kind}</MsgType><Content><![CDATA[{text}]]></Content><MsgId>{number}</MsgId><AgentID>1</AgentID></xml>"
    )


NOTICE = (
    f"<xml><ToUserName>{CORP}</ToUserName><CreateTime>1790000000</CreateTime><MsgType>event</MsgType>"
    "<Event>kf_msg_or_event</Event><Token>fetch-token</Token><OpenKfId>wk1</OpenKfId></xml>"
)


def _written(number: int, words: str, *, ago: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "msgid": f"m{number}",
        "open_kfid": "wk1",
        "external_userid": f"customer-{number}",
        "send_time": int(time.time()) - ago,
        "origin": 3,
        "msgtype": "text",
        "text": {"content": words},
        **changes,
    }


def _sent(vendor: StandIn, path: str) -> list[dict[str, Any]]:
    return [request.body for request in vendor.received if request.path.startswith(path)]


def test_the_address_is_verified_by_opening_what_was_sealed(shop: Shop) -> None:
    query, body = _sealed("1616140317555161061")
    sealed = xmltodict.parse(body)["xml"]["Encrypt"]
    shown = shop.client().get(PATH, query_string={**query, "echostr": sealed})
    assert (shown.status_code, shown.get_data(as_text=True)) == (200, "1616140317555161061")
    assert_error(shop.client().get(PATH, query_string={**query, "echostr": sealed[:-4]}), 401, "bad_signature")
    assert_error(shop.client("admin").get(PATH), 401, "bad_signature")


def test_only_wecom_is_let_in(shop: Shop) -> None:
    for sealing in ({"token": "a guessed token"}, {"corp": "another company"}, {"ago": 301}):
        assert_error(_post(shop, _message(1, "退钱"), **sealing), 401, "bad_signature")
    query, _ = _sealed("x")
    for body in (b"", b"<xml>", b"<a/>", b"<xml><Encrypt>AAAA</Encrypt></xml>", b"\xff\xfe"):
        refused = shop.client("admin").post(PATH, query_string=query, data=body, content_type="text/xml")
        assert_error(refused, 401, "bad_signature")


def test_a_message_to_the_app_gets_one_reply(shop: Shop, vendor: StandIn) -> None:
    answered = [_post(shop, _message(1, "国外能收到吗")) for _ in range(3)]
    assert {(one.status_code, one.get_data(as_text=True)) for one in answered} == {(200, "success")}
    token, reply = vendor.wait_for(2)
    assert token.path == "/cgi-bin/gettoken?corpid=ww1234&corpsecret=the+app%27s+secret"
    assert reply.path == "/cgi-bin/message/send?access_token=t-1"
    assert reply.body == {
        "touser": "zhangsan",
        "msgtype": "text",
        "agentid": 1000002,
        "text": {"content": "目前只寄国内。"},
        "enable_duplicate_check": 1,
    }
    _post(shop, _message(2, "", kind="image"))
    assert vendor.wait_for(3)[2].body["text"]["content"] == "我只能读文字，请把您的问题打出来。"
    _post(shop, _message(3, "退钱"))
    suggested = vendor.wait_for(4)[3].body["text"]["content"]
    assert suggested == "您是不是想问：\n1. 如何申请退款？\n2. 退款多久到账？"
    assert _post(shop, _message(4, "", kind="event")).status_code == 200


def test_customers_messages_are_fetched_page_by_page_and_answered_once(
    shop: Shop, vendor: StandIn, wecom: Wecom
) -> None:
    wecom.messages += [
        _written(1, "国外能收到吗"),
        _written(2, "多久发货？", origin=5),
        _written(3, "退钱"),
        _written(4, "昨天的问题", ago=86_400),
        _written(5, "", msgtype="image", text=None),
    ]
    for _ in range(3):
        _post(shop, NOTICE)
    # One token, three pages and two notices after them, three replies.
    vendor.wait_for(1 + 5 + 3)
    replies = {body["touser"]: body for body in _sent(vendor, "/cgi-bin/kf/send_msg")}
    assert set(replies) == {"customer-1", "customer-3", "customer-5"}
    assert replies["customer-1"]["text"] == {"content": "目前只寄国内。"}
    assert (replies["customer-1"]["open_kfid"], len(replies["customer-1"]["msgid"])) == ("wk1", 32)
    assert replies["customer-3"]["msgmenu"] == {
        "head_content": "您是不是想问：",
        "list": [
            {"type": "click", "click": {"id": "1", "content": "如何申请退款？"}},
            {"type": "click", "click": {"id": "2", "content": "退款多久到账？"}},
        ],
    }
    assert replies["customer-5"]["text"]["content"].startswith("我只能读文字")
    tokens = {(body["token"], body["open_kfid"]) for body in _sent(vendor, "/cgi-bin/kf/sync_msg")}
    assert tokens == {("fetch-token", "wk1")}


def test_what_is_fetched_again_after_a_restart_is_not_answered_again(shop: Shop, vendor: StandIn, wecom: Wecom) -> None:
    from faqbot.web.channels import wecom as route

    wecom.messages += [_written(n, "多久发货？") for n in range(6)]
    random.Random(1).shuffle(wecom.messages)  # noqa: S311
    _post(shop, NOTICE)
    vendor.wait_for(1 + 3 + 6)
    # A new process has no cursor.
    route._bot.cache_clear()
    wecom.messages.append(_written(7, "怎么开发票？"))
    _post(shop, NOTICE)
    vendor.wait_for(10 + 1 + 4 + 1)
    assert len(_sent(vendor, "/cgi-bin/kf/send_msg")) == 7

"""Slack and Feishu/Lark, held to the vendors' own libraries. Their reply APIs cannot be had here: a stand-in takes the
replies, also those that the vendor's client sends for comparison."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import lark_oapi
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from lark_oapi.core.model import RawRequest
from lark_oapi.core.utils.decryptor import AESCipher
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from faqbot.channels.messengers import lark
from faqbot.encoder import Encoder
from tests.integration.channels.served import SERVED
from tests.integration.channels.stand_in import Answer, Received, StandIn, stand_in
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

SIGNING_SECRET = "slack signing secret"
BOT_TOKEN = "xoxb-the-bot-token"
ENCRYPT_KEY = "lark encrypt key"
APP_SECRET = "lark app secret"


@pytest.fixture(scope="module")
def vendor() -> Iterator[StandIn]:
    with stand_in() as listening:
        yield listening


@pytest.fixture(scope="module")
def shop(vendor: StandIn, compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    channels = {
        "slack_url": vendor.url,
        "slack_signing_secret": SIGNING_SECRET,
        "slack_token": BOT_TOKEN,
        "lark_url": vendor.url,
        "lark_app_id": "cli_1",
        "lark_app_secret": APP_SECRET,
        "lark_encrypt_key": ENCRYPT_KEY,
    }
    opened = open_shop(tmp_path_factory.mktemp("chats"), compact_encoder, entries=SERVED, channels=channels)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _as_the_vendors_answer(vendor: StandIn) -> None:
    def answer(request: Received) -> Answer:
        if request.path.endswith("/tenant_access_token/internal"):
            return 200, {"code": 0, "msg": "ok", "tenant_access_token": "t-1", "expire": 7200}
        return 200, {"ok": True, "code": 0}

    vendor.received.clear()
    vendor.answer = answer


def _slack(shop: Shop, body: Any, *, secret: str = SIGNING_SECRET, ago: int = 0, form: bool = False) -> Any:
    content = urlencode({"payload": json.dumps(body)}) if form else json.dumps(body)
    stamp = str(int(time.time()) - ago)
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=content)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    return shop.client().post("/channels/slack", data=content, headers=headers, content_type=kind)


def _slack_event(event_id: str, text: str, user: str = "U1") -> dict[str, Any]:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": text, "ts": "17.1"}
    return {"type": "event_callback", "event_id": event_id, "team_id": "T1", "event": event}


def test_slack_verifies_the_address_and_only_slack_is_let_in(shop: Shop) -> None:
    question = {"type": "url_verification", "token": "old", "challenge": "3eZbrw1aB"}
    assert _slack(shop, question).get_json() == {"challenge": "3eZbrw1aB"}
    assert_error(_slack(shop, question, secret="a guessed secret"), 401, "bad_signature")
    assert_error(_slack(shop, question, ago=301), 401, "bad_signature")
    assert_error(shop.client("admin").post("/channels/slack", json=question), 401, "bad_signature")


def test_slack_gets_the_answer_as_its_own_client_would_send_it(shop: Shop, vendor: StandIn) -> None:
    assert _slack(shop, _slack_event("Ev1", "国外能收到吗")).get_json() == {"status": "accepted"}
    [ours] = vendor.wait_for(1)
    WebClient(BOT_TOKEN, base_url=f"{vendor.url}/api/").chat_postMessage(channel="D1", text="目前只寄国内。")
    [_, theirs] = vendor.wait_for(2)
    assert (ours.method, ours.path, ours.body) == (theirs.method, theirs.path, theirs.body)
    assert ours.headers["authorization"] == theirs.headers["authorization"]


def test_slack_suggestions_are_buttons_and_a_click_is_answered_once(shop: Shop, vendor: StandIn) -> None:
    _slack(shop, _slack_event("Ev2", "退钱"))
    buttons = vendor.wait_for(1)[0].body["blocks"][1]["elements"]
    assert [one["value"] for one in buttons] == ["如何申请退款？", "退款多久到账？"]
    click = {
        "type": "block_actions",
        "trigger_id": "13345224609.8534564800",
        "user": {"id": "U1"},
        "container": {"type": "message", "channel_id": "D1"},
        "actions": [buttons[1]],
    }
    statuses = [_slack(shop, click, form=True).get_json()["status"] for _ in range(3)]
    assert statuses == ["accepted", "duplicate", "duplicate"]
    assert vendor.wait_for(2)[1].body["text"] == "1 到 3 个工作日。"
    broken = b"payload=%7B"
    stamp = str(int(time.time()))
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=stamp, body=broken),
    }
    kind = "application/x-www-form-urlencoded"
    refused = shop.client().post("/channels/slack", data=broken, headers=headers, content_type=kind)
    assert_error(refused, 422, "invalid_request")


def test_slacks_retries_in_any_order_make_no_double_reply(shop: Shop, vendor: StandIn) -> None:
    events = [_slack_event(f"Burst{n}", "多久发货？", user=f"U{n}") for n in range(50)] * 4
    random.Random(3).shuffle(events)  # noqa: S311
    statuses = [_slack(shop, event).get_json()["status"] for event in events]
    assert (statuses.count("accepted"), statuses.count("duplicate")) == (50, 150)
    vendor.wait_for(50)
    _slack(shop, _slack_event("BurstLast", "怎么开发票？"))
    assert len(vendor.wait_for(51)) == 51


def test_a_reply_that_slack_refuses_is_told_in_the_log(
    shop: Shop, vendor: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.answer = lambda _: (200, {"ok": False, "error": "channel_not_found"})
    _slack(shop, _slack_event("Ev9", "多久发货？"))
    vendor.wait_for(1)
    while "channel_not_found" not in caplog.text:
        time.sleep(0.01)


def _seal(event: dict[str, Any], key: str = ENCRYPT_KEY) -> bytes:
    """What Lark sends: AES-256-CBC under the key's SHA-256, the first block the initial vector."""
    padder = PKCS7(128).padder()
    padded = padder.update(json.dumps(event).encode()) + padder.finalize()
    vector = os.urandom(16)
    sealing = Cipher(algorithms.AES256(hashlib.sha256(key.encode()).digest()), modes.CBC(vector)).encryptor()
    sealed = vector + sealing.update(padded) + sealing.finalize()
    return json.dumps({"encrypt": base64.b64encode(sealed).decode()}).encode()


def _lark_headers(body: bytes, *, key: str = ENCRYPT_KEY, ago: int = 0) -> dict[str, str]:
    stamp, nonce = str(int(time.time()) - ago), "n-1"
    signature = lark.signature_of(key, stamp, nonce, body)
    return {lark.TIMESTAMP_HEADER: stamp, lark.NONCE_HEADER: nonce, lark.SIGNATURE_HEADER: signature}


def _lark(shop: Shop, event: dict[str, Any], *, key: str = ENCRYPT_KEY, ago: int = 0) -> Any:
    body = _seal(event)
    headers = _lark_headers(body, key=key, ago=ago)
    return shop.client().post("/channels/lark", data=body, headers=headers, content_type="application/json")


def _lark_event(event_id: str, text: str, **message: Any) -> dict[str, Any]:
    return {
        "schema": "2.0",
        "header": {
            "event_id": event_id,
            "event_type": "im.message.receive_v1",
            "create_time": "1790000000000",
            "token": "",
            "app_id": "cli_1",
            "tenant_key": "k",
        },
        "event": {
            "sender": {"sender_id": {"open_id": "ou_1"}, "sender_type": "user", "tenant_key": "k"},
            "message": {
                "message_id": "om_1",
                "chat_id": "oc_1",
                "chat_type": "p2p",
                "message_type": "text",
                "content": json.dumps({"text": text}),
                **message,
            },
        },
    }


def test_what_is_signed_and_sealed_here_is_what_larks_own_library_reads() -> None:
    body = _seal(_lark_event("ev-0", "退钱"))
    assert lark.decrypt(ENCRYPT_KEY, json.loads(body)) == json.loads(
        AESCipher(ENCRYPT_KEY).decrypt_str(json.loads(body)["encrypt"])
    )
    seen = []
    handler = (
        lark_oapi.EventDispatcherHandler.builder(ENCRYPT_KEY, "")
        .register_p2_im_message_receive_v1(lambda data: seen.append(data.event.message.message_id))
        .build()
    )
    request = RawRequest()
    request.uri, request.headers, request.body = "/", _lark_headers(body), body
    assert handler.do(request).status_code == 200
    assert seen == ["om_1"]


def test_lark_verifies_the_address_and_only_lark_is_let_in(shop: Shop) -> None:
    client = shop.client()
    question = {"challenge": "ajls384kdj", "token": "v", "type": "url_verification"}
    unsigned = client.post("/channels/lark", data=_seal(question), content_type="application/json")
    assert unsigned.get_json() == {"challenge": "ajls384kdj"}
    guessed = client.post("/channels/lark", data=_seal(question, "a guessed key"), content_type="application/json")
    assert_error(guessed, 401, "bad_signature")
    event = _lark_event("ev-1", "退钱")
    assert_error(_lark(shop, event, key="a guessed key"), 401, "bad_signature")
    assert_error(_lark(shop, event, ago=301), 401, "bad_signature")
    for body in ({}, [], {"encrypt": "AAAA"}, {"encrypt": "?"}, {"encrypt": 5}, event):
        assert_error(shop.client("admin").post("/channels/lark", json=body), 401, "bad_signature")


def test_lark_gets_one_reply_with_a_token_that_is_used_again(shop: Shop, vendor: StandIn) -> None:
    statuses = [_lark(shop, _lark_event("ev-2", "国外能收到吗")).get_json()["status"] for _ in range(3)]
    assert statuses == ["accepted", "duplicate", "duplicate"]
    token, reply = vendor.wait_for(2)
    assert token.body == {"app_id": "cli_1", "app_secret": APP_SECRET}
    assert reply.path == "/open-apis/im/v1/messages/om_1/reply"
    assert reply.headers["authorization"] == "Bearer t-1"
    assert (reply.body["msg_type"], json.loads(reply.body["content"])) == ("text", {"text": "目前只寄国内。"})
    mention = {"key": "@_user_1", "id": {}, "name": "助手"}
    _lark(shop, _lark_event("ev-3", "@_user_1 多久发货？", chat_type="group", mentions=[mention]))
    assert json.loads(vendor.wait_for(3)[2].body["content"]) == {"text": "48 小时内发货。"}
    _lark(shop, _lark_event("ev-4", "", message_type="image", content='{"image_key": "i"}'))
    assert json.loads(vendor.wait_for(4)[3].body["content"]) == {"text": "我只能读文字，请把您的问题打出来。"}


@pytest.mark.parametrize(
    "event",
    [
        _lark_event("ev-9", "大家好", chat_type="group"),
        {**_lark_event("ev-9", "退钱"), "header": {"event_id": "ev-9", "event_type": "im.chat.updated_v1"}},
        {"schema": "2.0"},
    ],
)
def test_what_is_not_said_to_the_bot_is_left_alone(shop: Shop, event: dict[str, Any]) -> None:
    assert _lark(shop, event).get_json() == {"status": "ignored"}

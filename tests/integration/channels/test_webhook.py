"""The signed webhook over HTTP: who may call, and that nothing is done twice."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from faqbot.channels.signatures import sign
from tests.integration.channels.served import SECRETS, Served
from tests.integration.web.failures import assert_error

SECRET = SECRETS["webhook_secret"]


def _signed(message: Any, *, secret: str = SECRET, ago: int = 0) -> dict[str, Any]:
    body = (message if isinstance(message, str) else json.dumps(message)).encode()
    timestamp = str(int(time.time()) - ago)
    headers = {
        "Content-Type": "application/json",
        "X-Faqbot-Timestamp": timestamp,
        "X-Faqbot-Signature": sign(secret, timestamp, body),
    }
    return {"data": body, "headers": headers}


def test_a_signed_message_gets_the_reply_of_the_api_and_a_retry_the_same_again(door: Served) -> None:
    client = door.shop.client()
    message = {"message_id": "retry-1", "question": "如何申请退款？", "session_id": "u1"}
    reply = client.post("/channels/webhook", **_signed(message)).get_json()
    plain = door.shop.client("ask").post("/api/v1/ask", json={"question": message["question"]}).get_json()
    named = ("verdict", "entry_id", "answer", "confidence", "suggestions", "decision", "prompts")
    assert {name: reply[name] for name in named} == {name: plain[name] for name in named}
    again = client.post("/channels/webhook", **_signed(message, ago=60)).get_json()
    assert (reply["remembered"], again["remembered"]) == (False, True)
    assert {**again, "remembered": False} == reply


def test_an_id_with_other_content_is_refused(door: Served) -> None:
    client = door.shop.client()
    client.post("/channels/webhook", **_signed({"message_id": "other-1", "question": "退款"}))
    other = client.post("/channels/webhook", **_signed({"message_id": "other-1", "question": "发票"}))
    assert_error(other, 409, "delivery_conflict")


def test_a_message_that_failed_may_come_again(door: Served) -> None:
    client = door.shop.client()
    for _ in range(2):
        refused = client.post("/channels/webhook", **_signed({"message_id": "failed-1", "question": "？？"}))
        assert_error(refused, 422, "question_empty")


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"question": "退款"}, "`message_id`"),
        ({"message_id": "", "question": "退款"}, "`message_id`"),
        ({"message_id": 5, "question": "退款"}, "`message_id`"),
        ({"message_id": "m", "qestion": "退款"}, "`question`"),
        ({"message_id": "m", "question": "退款", "colour": "red"}, "`colour`"),
        ([], "object"),
    ],
)
def test_a_body_that_is_none_of_ours_is_refused(door: Served, message: Any, sentence: str) -> None:
    response = door.shop.client().post("/channels/webhook", **_signed(message))
    assert sentence in assert_error(response, 422, "invalid_request")


def test_only_who_signs_lately_is_let_in_and_the_self_test_says_why_not(door: Served) -> None:
    client = door.shop.client("admin")
    message = {"message_id": "m-9", "question": "退款"}
    for request, problem in (
        (_signed(message, secret="guessed secret"), "does not fit"),
        (_signed(message, ago=400), "behind our clock"),
        ({"json": message}, "timestamp is missing"),
    ):
        assert problem in assert_error(client.post("/channels/webhook", **request), 401, "bad_signature")
        report = client.post("/channels/webhook/check", **request).get_json()
        assert report["ok"] is False
        assert problem in report["problem"]
    assert client.post("/channels/webhook/check", **_signed("any body")).get_json()["ok"] is True


def test_two_hundred_requests_repeated_and_in_any_order_are_each_worked_on_once(door: Served) -> None:
    questions = ["如何申请退款？", "退款多久到账？", "多久发货？", "怎么开发票？"]
    messages = [
        {"message_id": f"burst-{n}", "question": questions[n % 4], "session_id": f"u{n % 7}"} for n in range(50)
    ]
    sent = messages * 4
    random.Random(7).shuffle(sent)  # noqa: S311

    def send(message: dict[str, str]) -> requests.Response:
        return requests.post(f"{door.url}/channels/webhook", timeout=60, **_signed(message))

    with ThreadPoolExecutor(8) as pool:
        answered = list(zip(sent, pool.map(send, sent), strict=True))
    # Whoever asks for a message that is just being answered is told to come again.
    assert {reply.status_code for _, reply in answered} <= {200, 409}
    worked = [message["message_id"] for message, reply in answered if reply.ok and not reply.json()["remembered"]]
    assert sorted(worked) == sorted(message["message_id"] for message in messages)
    request_ids: dict[str, set[str]] = {}
    for message, reply in answered:
        if reply.ok:
            request_ids.setdefault(message["message_id"], set()).add(reply.json()["request_id"])
    assert {len(ids) for ids in request_ids.values()} == {1}

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

RASA = "/webhooks/rest/webhook"
DEEP_CHAT = "/channels/deep-chat"


@pytest.fixture(scope="module")
def unsure_shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that suggests whatever is not asked word for word."""
    bounds = {"answer_threshold": 1.0, "suggest_threshold": 0.0, "suggestions": 2}
    opened = open_shop(tmp_path_factory.mktemp("unsure"), compact_encoder, matching=bounds)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def silent_shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that has published nothing."""
    opened = open_shop(tmp_path_factory.mktemp("silent"), compact_encoder, publish=False)
    yield opened
    opened.close()


def _said(text: str) -> dict[str, object]:
    return {"messages": [{"role": "user", "text": text}]}


def test_rasa_says_that_it_is_there(shop: Shop) -> None:
    assert shop.client().get("/webhooks/rest/").get_json() == {"status": "ok"}


def test_a_rasa_client_gets_one_message_per_paragraph(shop: Shop) -> None:
    response = shop.client().post(RASA, json={"sender": "u1", "message": "如何申请退款？"})
    assert response.status_code == 200
    assert response.get_json() == [
        {"recipient_id": "u1", "text": "打开「我的订单」，点**申请退款**："},
        {"recipient_id": "u1", "text": "1. 选择商品\n2. 填写原因"},
        {"recipient_id": "u1", "text": "审核通过后原路退回。"},
    ]


def test_a_rasa_client_gets_suggestions_as_buttons_that_work(unsure_shop: Shop) -> None:
    client = unsure_shop.client()
    [message] = client.post(RASA, json={"sender": "u1", "message": "退款的钱几时到我卡里"}).get_json()
    assert message["text"] == "您是不是想问："
    assert len(message["buttons"]) == 2
    chosen = client.post(RASA, json={"message": message["buttons"][0]["payload"]}).get_json()
    assert chosen[0]["recipient_id"] == "default"
    assert "buttons" not in chosen[0]


def test_a_rasa_stream_is_lines_of_json(shop: Shop) -> None:
    response = shop.client().post(f"{RASA}?stream=true", json={"sender": "u1", "message": "如何申请退款？"})
    assert response.mimetype == "text/event-stream"
    lines = [json.loads(line) for line in response.get_data(as_text=True).splitlines()]
    assert [line["recipient_id"] for line in lines] == ["u1", "u1", "u1"]


@pytest.mark.parametrize(
    ("message", "language", "sentence"),
    [
        ("", "zh-CN,zh;q=0.9", "请输入您的问题。"),
        ("  ", "en-GB", "Please type a question."),
        ("？", "zh", "请输入您的问题。"),
        ("长" * 2000, "en", "您的问题太长了，请用一两句话来描述。"),
        ("long " * 400, "zh", "Your question is too long; please put it in one or two sentences."),
    ],
)
def test_both_widgets_tell_customers_what_to_do_in_their_language(
    shop: Shop, message: str, language: str, sentence: str
) -> None:
    headers = {"Accept-Language": language}
    rasa = shop.client().post(RASA, json={"sender": "u1", "message": message}, headers=headers)
    assert (rasa.status_code, rasa.get_json()) == (200, [{"recipient_id": "u1", "text": sentence}])
    deep_chat = shop.client().post(DEEP_CHAT, json=_said(message), headers=headers)
    assert (deep_chat.status_code, deep_chat.get_json()) == (200, {"text": sentence})


def test_both_widgets_say_so_when_nothing_can_be_answered(silent_shop: Shop) -> None:
    sentence = "服务暂时不可用，请稍后再试。"
    rasa = silent_shop.client().post(RASA, json={"message": "怎么退款"})
    assert (rasa.status_code, rasa.get_json()) == (200, [{"recipient_id": "default", "text": sentence}])
    deep_chat = silent_shop.client().post(DEEP_CHAT, json=_said("怎么退款"))
    assert (deep_chat.status_code, deep_chat.get_json()) == (503, {"error": sentence})


def test_a_deep_chat_client_gets_an_answer_as_text(shop: Shop) -> None:
    body = shop.client().post(DEEP_CHAT, json=_said("多久发货？")).get_json()
    assert body == {"text": "48 小时内发货。"}


def test_a_deep_chat_client_gets_suggestions_as_buttons(unsure_shop: Shop) -> None:
    body = unsure_shop.client().post(DEEP_CHAT, json=_said("退款的钱几时到我卡里")).get_json()
    assert list(body) == ["text", "html"]
    assert body["html"].count('<button class="deep-chat-button deep-chat-suggestion-button">') == 2


def test_a_deep_chat_stream_is_server_sent_events(shop: Shop, unsure_shop: Shop) -> None:
    headers = {"Accept": "text/event-stream"}
    answer = shop.client().post(DEEP_CHAT, json=_said("多久发货？"), headers=headers)
    assert answer.mimetype == "text/event-stream"
    assert answer.get_data(as_text=True) == 'data: {"text": "48 小时内发货。"}\n\ndata: [DONE]\n\n'
    suggest = unsure_shop.client().post(DEEP_CHAT, json=_said("退款的钱几时到我卡里"), headers=headers)
    assert suggest.get_data(as_text=True).startswith('data: {"html": "<p>您是不是想问：</p><button ')
    empty = shop.client().post(DEEP_CHAT, json=_said(""), headers={**headers, "Accept-Language": "en"})
    assert empty.get_data(as_text=True) == 'data: {"text": "Please type a question."}\n\ndata: [DONE]\n\n'


@pytest.mark.parametrize("body", ["{}", "[]", "null", '{"messages": []}', '{"messages": [{"files": []}]}'])
def test_deep_chat_never_gets_an_empty_object_or_array(shop: Shop, body: str) -> None:
    response = shop.client().post(DEEP_CHAT, data=body, content_type="application/json")
    assert response.get_json()["text"]


def test_deep_chat_uploads_are_declined_in_words(shop: Shop) -> None:
    form = {"files": (BytesIO(b"x"), "photo.png"), "message1": json.dumps({"role": "user", "text": "看"})}
    response = shop.client().post(DEEP_CHAT, data=form, headers={"Accept-Language": "en"})
    assert response.get_json() == {"text": "I can read text only; please type your question."}


def test_what_the_integrator_did_wrong_has_the_channels_own_shape(shop: Shop) -> None:
    response = shop.client().post(DEEP_CHAT, data="{", content_type="application/json")
    assert (response.status_code, list(response.get_json())) == (400, ["error"])
    assert "JSON" in response.get_json()["error"]
    rasa = shop.client().post(RASA, data="{", content_type="application/json")
    assert_error(rasa, 400, "invalid_request")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("rasa", RASA),
        ("deep_chat", DEEP_CHAT),
        ("azure", "/language/:query-knowledgebases"),
        ("openai", "/v1/chat/completions"),
    ],
)
def test_a_channel_that_is_off_says_which_setting_switches_it_on(
    compact_encoder: Encoder, tmp_path: Path, name: str, path: str
) -> None:
    own = open_shop(tmp_path, compact_encoder, publish=False, channels={name: False})
    refused = own.client("ask").post(path, json={})
    assert refused.status_code == 404
    assert f"channels.{name}" in refused.get_data(as_text=True)
    assert own.client("ask").get("/healthz").status_code == 200
    own.close()


def test_a_closed_shop_wants_a_key_from_widgets_too(compact_encoder: Encoder, tmp_path: Path) -> None:
    closed = open_shop(tmp_path, compact_encoder, ask_open=False)
    refused = closed.client().post(DEEP_CHAT, json=_said("多久发货？"))
    assert (refused.status_code, list(refused.get_json())) == (401, ["error"])
    assert closed.client("ask").post(DEEP_CHAT, json=_said("多久发货？")).get_json() == {"text": "48 小时内发货。"}
    assert_error(closed.client().post(RASA, json={"message": "多久发货？"}), 401, "unauthorised")
    closed.close()


def test_a_widget_on_another_site_may_call_while_asking_is_open(shop: Shop) -> None:
    preflight = shop.client().options(
        DEEP_CHAT, headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    reply = shop.client().post(DEEP_CHAT, json=_said("多久发货？"), headers={"Origin": "https://shop.example"})
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in shop.client("admin").get("/api/v1/entries").headers

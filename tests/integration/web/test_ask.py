from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from faqbot.storage import LabelledQuestion
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import REFUND_ANSWER, Shop, open_shop


def test_the_reply_has_the_shape_of_the_contract(shop: Shop) -> None:
    response = shop.client().post("/api/v1/ask", json={"question": "如何申请退款？"})
    assert response.status_code == 200
    body = response.get_json()
    assert list(body) == [
        "verdict",
        "answer",
        "entry_id",
        "question",
        "confidence",
        "score",
        "scores",
        "suggestions",
        "decision",
        "prompts",
        "attachments",
        "related",
        "handoff",
        "request_id",
    ]
    assert (body["verdict"], body["answer"], body["entry_id"]) == ("answer", REFUND_ANSWER, "refund")
    assert (body["question"], body["confidence"]) == ("如何申请退款？", 1.0)
    assert list(body["scores"]) == ["dense", "sparse", "colbert"]
    assert list(body["suggestions"][0]) == ["entry_id", "question", "confidence"]
    decision = body["decision"]
    assert list(decision) == ["reason", "answer_threshold", "suggest_threshold", "version", "model", "excluded"]
    assert (decision["reason"], decision["version"], decision["model"]) == ("exact", 1, "compact")
    assert 0 <= decision["suggest_threshold"] <= decision["answer_threshold"] <= 1
    assert body["request_id"] == response.headers["X-Request-ID"]


def test_other_words_for_a_question_find_its_entry(shop: Shop) -> None:
    body = shop.client().post("/api/v1/ask", json={"question": "东西我不想要了，怎么把钱退给我"}).get_json()
    assert body["question"] == "如何申请退款？"


def test_every_field_of_the_body_reaches_the_decision(shop: Shop) -> None:
    client = shop.client()
    english = client.post("/api/v1/ask", json={"question": "如何申请退款？", "language": "en"}).get_json()
    assert english["entry_id"] == "refund.en"
    one = client.post("/api/v1/ask", json={"question": "退款", "top": 1, "mode": "dense"}).get_json()
    assert len(one["suggestions"]) <= 1
    filters = {"category": ["物流", "发票"]}
    asked = {"question": "如何申请退款？", "filters": filters, "session_id": "s1"}
    filtered = client.post("/api/v1/ask", json=asked).get_json()
    assert filtered["entry_id"] != "refund"
    why = shop.client("agent").post("/api/v1/ask", json={"question": "怎么退钱", "explain": True}).get_json()
    assert why["explanation"]["wording"]


def test_a_character_that_json_spells_in_two_escapes_is_whole(shop: Shop) -> None:
    body = '{"question": "\\u591a\\u4e45\\u53d1\\u8d27\\ud83d\\ude80"}'
    response = shop.client().post("/api/v1/ask", data=body, content_type="application/json")
    assert response.get_json()["question"] == "多久发货？"


def test_chinese_is_sent_as_it_is(shop: Shop) -> None:
    raw = shop.client().post("/api/v1/ask", json={"question": "如何申请退款？"}).get_data(as_text=True)
    assert "如何申请退款？" in raw


@pytest.mark.parametrize(
    ("body", "status", "code", "names"),
    [
        ('{"question": ', 400, "invalid_request", "JSON"),
        ("nonsense", 400, "invalid_request", "JSON"),
        ('{"question": NaN}', 400, "invalid_request", "NaN"),
        ("[" * 100_000, 400, "invalid_request", "nested"),
        ('["如何退款"]', 422, "invalid_request", "object"),
        ("null", 422, "invalid_request", "`question` is missing"),
        ("", 422, "invalid_request", "`question` is missing"),
        ("{}", 422, "invalid_request", "`question` is missing"),
        ('{"question": null}', 422, "invalid_request", "`question`"),
        ('{"question": 5}', 422, "invalid_request", "`question`"),
        ('{"question": "退款\\ud83d"}', 400, "invalid_request", "half a character"),
        ('{"question": ""}', 422, "question_empty", "empty"),
        ('{"question": " \\u200b "}', 422, "question_empty", "empty"),
        ('{"question": "？！…"}', 422, "question_empty", "empty"),
        (f'{{"question": "{"x" * 100_000}"}}', 422, "question_too_long", "100000"),
        (f'{{"question": "{"x" * 1_000_000}"}}', 413, "too_large", "1 MB"),
        ('{"question": "a", "mode": "fuzzy"}', 422, "unknown_mode", "fuzzy"),
        ('{"question": "a", "top": 0}', 422, "invalid_request", "`top`"),
        ('{"question": "a", "top": "5"}', 422, "invalid_request", "`top`"),
        ('{"question": "a", "top": true}', 422, "invalid_request", "`top`"),
        ('{"question": "a", "explain": "yes"}', 422, "invalid_request", "`explain`"),
        ('{"question": "a", "filters": {"colour": "red"}}', 422, "invalid_request", "colour"),
        ('{"question": "a", "filters": {"tag": 5}}', 422, "invalid_request", "`filters.tag"),
        ('{"question": "a", "colour": "red"}', 422, "invalid_request", "`colour`"),
    ],
)
def test_bad_input_gets_a_sentence_that_names_the_fault(
    shop: Shop, body: str, status: int, code: str, names: str
) -> None:
    response = shop.client().post("/api/v1/ask", data=body, content_type="application/json")
    assert names in assert_error(response, status, code)


def test_bytes_that_are_no_text_are_refused(shop: Shop) -> None:
    response = shop.client().post("/api/v1/ask", data=b'{"question": "\xb2\xe2"}', content_type="application/json")
    assert_error(response, 400, "invalid_request")


def test_a_form_is_told_to_be_json(shop: Shop) -> None:
    assert "application/json" in assert_error(
        shop.client().post("/api/v1/ask", data={"question": "a"}), 415, "unsupported_media_type"
    )


def test_two_texts_are_compared_in_every_mode(shop: Shop) -> None:
    same = shop.client().post("/api/v1/similarity", json={"a": "我想退款", "b": "我想退款"}).get_json()
    other = shop.client().post("/api/v1/similarity", json={"a": "我想退款", "b": "今天天气怎么样"}).get_json()
    assert list(same) == ["dense", "sparse", "colbert", "hybrid", "raw", "model"]
    assert list(same["raw"]) == ["dense", "sparse", "colbert", "hybrid"]
    for mode in ("dense", "sparse", "colbert", "hybrid"):
        assert same[mode] == pytest.approx(1.0, abs=1e-3)
        assert 0.0 <= other[mode] < 0.5


def test_a_comparison_needs_two_texts(shop: Shop) -> None:
    client = shop.client()
    assert "`b`" in assert_error(client.post("/api/v1/similarity", json={"a": "退款"}), 422, "invalid_request")
    assert_error(client.post("/api/v1/similarity", json={"a": "退款", "b": " "}), 422, "question_empty")


def test_agents_get_ranked_entries_with_their_answers(shop: Shop) -> None:
    body = shop.client("agent").get("/api/v1/lookup?q=退款多久到账&top=2").get_json()
    assert list(body) == ["query", "results", "request_id"]
    assert body["query"] == "退款多久到账"
    assert len(body["results"]) == 2
    best = body["results"][0]
    assert list(best) == [
        "entry_id",
        "question",
        "answer",
        "category",
        "confidence",
        "score",
        "scores",
        "matched_wording",
    ]
    assert (best["entry_id"], best["answer"], best["matched_wording"]) == (
        "refund-time",
        "1 到 3 个工作日。",
        "退款多久到账？",
    )


def test_a_lookup_says_which_parameter_is_wrong(shop: Shop) -> None:
    client = shop.client("agent")
    assert "`q`" in assert_error(client.get("/api/v1/lookup"), 422, "invalid_request")
    assert "`top`" in assert_error(client.get("/api/v1/lookup?q=a&top=x"), 422, "invalid_request")
    assert "`page`" in assert_error(client.get("/api/v1/lookup?q=a&page=2"), 422, "invalid_request")


def test_nothing_published_is_said_with_a_time_to_come_again(compact_encoder: Encoder, tmp_path: Path) -> None:
    shop = open_shop(tmp_path, compact_encoder, publish=False)
    response = shop.client().post("/api/v1/ask", json={"question": "如何申请退款？"})
    assert_error(response, 503, "not_ready")
    assert int(response.headers["Retry-After"]) > 0
    shop.close()


def test_every_door_tells_who_asks(own_shop: Shop) -> None:
    entries = [
        Entry(f"hours-{name}", "几点上班？", (), name, "zh", segments=(name,)) for name in ("rasa", "deep-chat", "vip")
    ]
    own_shop.storage.draft.apply(put=entries)
    own_shop.services.publishing.publish()
    own_shop.services.published.refresh()
    client = own_shop.client("agent")
    asked = {"question": "几点上班？"}
    for_nobody = client.post("/api/v1/ask", json=asked).get_json()
    assert [one["reason"] for one in for_nobody["decision"]["excluded"]] == ["other_segment"] * 3
    for stranger in (own_shop.client(), own_shop.client("ask")):
        told = stranger.post("/api/v1/ask", json={**asked, "explain": True, "top": 50})
        assert told.get_json()["decision"]["excluded"] == []
        assert "hours-" not in told.get_data(as_text=True)
    assert client.post("/api/v1/ask", json={**asked, "filters": {"segment": "vip"}}).get_json()["answer"] == "vip"
    assert client.post("/webhooks/rest/webhook", json={"message": "几点上班？"}).get_json()[0]["text"] == "rasa"
    said = {"messages": [{"role": "user", "text": "几点上班？"}]}
    assert client.post("/channels/deep-chat", json=said).get_json()["text"] == "deep-chat"
    found = client.get("/api/v1/lookup?q=几点上班&segment=vip").get_json()["results"]
    assert [row["entry_id"] for row in found if row["entry_id"].startswith("hours")] == ["hours-vip"]


def test_only_those_who_serve_customers_read_what_others_asked(own_shop: Shop) -> None:
    own_shop.storage.labels.replace([LabelledQuestion("钱还我行不行", frozenset({"refund"}))])
    own_shop.services.publishing.publish()
    own_shop.services.published.refresh()
    asked = {"question": "钱能还我不", "explain": True}

    told = own_shop.client("agent").post("/api/v1/ask", json=asked).get_json()["explanation"]["learned"]["labelled"]
    assert (told["nearest"], told["count"]) == ("钱还我行不行", 1)
    for stranger in (own_shop.client(), own_shop.client("ask")):
        assert "钱还我" not in stranger.post("/api/v1/ask", json=asked).get_data(as_text=True)

from __future__ import annotations

from typing import Any

import pytest

from faqbot.services.admin.feedback import examples_of
from faqbot.storage import Feedback, LabelledQuestion
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop


def _ask(shop: Shop, question: str) -> dict[str, Any]:
    reply: dict[str, Any] = shop.client().post("/api/v1/ask", json={"question": question}).get_json()
    return reply


def _say(shop: Shop, reply: dict[str, Any], kind: str, **more: str) -> Any:
    return shop.client().post("/api/v1/feedback", json={"request_id": reply["request_id"], "kind": kind, **more})


@pytest.fixture
def asked(own_shop: Shop) -> dict[str, dict[str, Any]]:
    """Replies whose questions are in the database already."""
    replies = {"exact": _ask(own_shop, "多久发货？"), "other": _ask(own_shop, "你们公司在哪个城市")}
    own_shop.services.question_log.close()
    return replies


def test_the_last_word_of_a_customer_counts(own_shop: Shop, asked: dict[str, dict[str, Any]]) -> None:
    assert _say(own_shop, asked["exact"], "helpful").status_code == 204
    assert _say(own_shop, asked["exact"], "unhelpful").status_code == 204
    [kept] = own_shop.client("agent").get("/api/v1/feedback").get_json()["feedback"]
    assert (kept["kind"], kept["entry_id"], kept["text"]) == ("unhelpful", "shipping", "多久发货?")


def test_feedback_becomes_a_label_and_a_wording_of_the_draft(own_shop: Shop, asked: dict[str, dict[str, Any]]) -> None:
    admin = own_shop.client("admin")
    _say(own_shop, asked["other"], "none")
    [pending] = admin.get("/api/v1/feedback").get_json()["feedback"]
    accept = f"/api/v1/feedback/{pending['number']}/accept"
    assert_error(admin.post(accept, json={"entry_ids": ["nowhere"]}), 404, "entry_not_found")
    assert_error(admin.post(accept, json={"entry_ids": [], "as_wording": True}), 422, "invalid_request")

    assert admin.post(accept, json={"entry_ids": ["shipping"], "as_wording": True}).status_code == 204
    assert admin.get("/api/v1/feedback").get_json()["feedback"] == []
    assert admin.get("/api/v1/labels").get_json()["labels"] == [
        {"question": "你们公司在哪个城市", "entry_ids": ["shipping"]}
    ]
    assert "你们公司在哪个城市" in admin.get("/api/v1/entries/shipping").get_json()["similar"]
    assert_error(admin.post(accept, json={"entry_ids": ["shipping"]}), 404, "feedback_not_found")

    assert admin.delete("/api/v1/labels?question=你们公司在哪个城市").status_code == 204
    assert admin.get("/api/v1/labels").get_json()["labels"] == []


def test_what_cannot_be_meant_is_refused(own_shop: Shop, asked: dict[str, dict[str, Any]]) -> None:
    assert_error(_say(own_shop, {"request_id": "unknown"}, "helpful"), 404, "feedback_not_found")
    assert_error(_say(own_shop, asked["exact"], "chosen"), 422, "invalid_request")
    assert_error(_say(own_shop, asked["exact"], "great"), 422, "invalid_request")
    assert asked["other"]["verdict"] != "answer"
    assert_error(_say(own_shop, asked["other"], "helpful"), 422, "invalid_request")


def test_an_admin_dismisses_feedback(own_shop: Shop, asked: dict[str, dict[str, Any]]) -> None:
    _say(own_shop, asked["other"], "chosen", entry_id="shipping")
    admin = own_shop.client("admin")
    [pending] = admin.get("/api/v1/feedback").get_json()["feedback"]
    assert pending["entry_id"] == "shipping"
    assert admin.delete(f"/api/v1/feedback/{pending['number']}").status_code == 204
    assert admin.get("/api/v1/feedback").get_json()["feedback"] == []


def test_only_what_feedback_says_for_sure_is_learned() -> None:
    feedback = [
        Feedback("r4", "多久发货", "chosen", "shipping", ""),
        Feedback("r3", "多久 发货?", "helpful", "refund", ""),
        Feedback("r2", "天气怎样", "none", "", ""),
        Feedback("r1", "怎么退款", "unhelpful", "invoice", ""),
        Feedback("r0", "开票", "helpful", "invoice", ""),
    ]
    found = examples_of(feedback, [LabelledQuestion("开票？", frozenset({"invoice"}))])
    # The newest of two that are spelt alike; no "unhelpful"; nothing that an admin has labelled.
    assert {one.text: one.entry_ids for one in found} == {
        "多久发货": frozenset({"shipping"}),
        "天气怎样": frozenset(),
    }


def test_feedback_that_comes_at_once_finds_its_question(own_shop: Shop) -> None:
    for _ in range(5):
        assert _say(own_shop, _ask(own_shop, "多久发货？"), "helpful").status_code == 204

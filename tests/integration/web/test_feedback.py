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


def test_a_session_and_a_network_teach_once_with_what_they_said_last() -> None:
    def said(number: int, session: str, network: str) -> Feedback:
        return Feedback(f"r{number}", f"q{number}", "none", "", "", session=session, network=network)

    found = examples_of(
        [said(5, "s1", "n1"), said(4, "s1", "n2"), said(3, "s2", "n1"), said(2, "", ""), said(1, "s3", "n3")], []
    )
    # 4 is of the session of 5, 3 of its network; of 2 nobody knows whose it is, so it counts as a question alone.
    assert [one.text for one in found] == ["q1", "q2", "q5"]


def test_who_gave_feedback_is_kept_as_pseudonyms_only(own_shop: Shop) -> None:
    body = {"question": "你们公司在哪个城市", "session_id": "13812345678"}
    for address in ("203.0.113.5", "203.0.113.5", "203.0.113.6"):
        reply = own_shop.client().post("/api/v1/ask", json=body).get_json()
        own_shop.client().post(
            "/api/v1/feedback",
            json={"request_id": reply["request_id"], "kind": "none"},
            environ_base={"REMOTE_ADDR": address},
        )
    kept = own_shop.services.pending_feedback.last()
    assert len({one.session for one in kept}) == 1
    assert [one.network == kept[-1].network for one in kept] == [False, True, True]
    for one in kept:
        assert {len(one.session), len(one.network)} == {16}
        assert not {"203.0.113.5", "13812345678"} & {one.session, one.network}


def test_what_a_program_sends_with_a_key_is_no_single_customer(own_shop: Shop) -> None:
    client = own_shop.client("agent")
    reply = client.post("/api/v1/ask", json={"question": "你们公司在哪个城市"}).get_json()
    assert client.post("/api/v1/feedback", json={"request_id": reply["request_id"], "kind": "none"}).status_code == 204
    assert own_shop.services.pending_feedback.last()[0].network == ""


def test_much_feedback_is_dismissed_at_once(own_shop: Shop) -> None:
    pending, admin = own_shop.services.pending_feedback, own_shop.client("admin")
    for number, (text, day) in enumerate([("spam one", "01"), ("spam two", "03"), ("a real one", "02"), ("x", "04")]):
        pending.put(Feedback(f"r{number}", text, "none", "", f"2026-05-{day}T12:00:00.000000+00:00"))
    dismiss = "/api/v1/feedback/dismiss"
    assert_error(own_shop.client("agent").post(dismiss, json={}), 403, "forbidden")
    assert_error(admin.post(dismiss, json={"since": "yesterday"}), 422, "invalid_request")
    assert admin.post(dismiss, json={"matching": "SPAM", "since": "2026-05-02"}).get_json() == {"dismissed": 1}
    assert admin.post(dismiss, json={"matching": "spam"}).get_json() == {"dismissed": 1}
    assert [one.text for one in pending.last()] == ["x", "a real one"]
    assert admin.post(dismiss, json={}).get_json() == {"dismissed": 2}
    newest = admin.get("/api/v1/audit?action=feedback&limit=1").get_json()["changes"][0]
    assert (newest["action"], newest["before"]) == ("feedback.dismiss", {"feedback": 2})


def test_the_thresholds_are_shown_and_what_traffic_did_is_taken_back(own_shop: Shop) -> None:
    admin, published = own_shop.client("admin"), own_shop.services.published
    before, learned = published.snapshot, admin.get("/api/v1/thresholds").get_json()
    assert learned["traffic"] is None
    figures = {"answer": 0.97, "suggest": 0.1, "coverage": 0.2, "share": 0.4}
    own_shop.storage.traffic.note(published.snapshot.version, {}, figures)
    moved = admin.get("/api/v1/thresholds").get_json()
    assert {**figures, "at": moved["traffic"]["at"]} == moved["traffic"]
    assert {**moved, "traffic": None} == learned
    assert_error(own_shop.client("agent").delete("/api/v1/thresholds/traffic"), 403, "forbidden")
    assert admin.delete("/api/v1/thresholds/traffic").status_code == 204
    assert admin.get("/api/v1/thresholds").get_json() == learned
    # Loaded anew, as it was learned.
    assert published.snapshot is not before
    assert_error(admin.get("/api/v1/thresholds?version=99"), 404, "version_not_found")

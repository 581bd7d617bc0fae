from __future__ import annotations

from typing import Any

import pytest

from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop

NEW: dict[str, Any] = {
    "id": "coupon",
    "question": "优惠券怎么用？",
    "similar": ["券在哪里用"],
    "answer": "结算时选择。",
    "language": "zh",
    "category": "优惠券",
    "tags": ["券"],
    "enabled": True,
    "valid_from": "2026-05-01",
    "valid_until": "2026-12-31T18:00",
    "segments": ["vip"],
    "prompts": ["refund"],
    "attachments": ["https://shop.example/coupon.pdf"],
    "answer_threshold": 0.0,
}


def test_an_entry_is_created_read_replaced_changed_and_deleted(own_shop: Shop) -> None:
    client = own_shop.client("admin")
    created = client.post("/api/v1/entries", json=NEW)
    assert created.status_code == 201
    assert created.get_json() == {**NEW, "revision": 1}
    assert created.headers["ETag"] == '"1"'

    replaced = client.put("/api/v1/entries/coupon", json={"question": "券怎么用？", "revision": 1})
    assert replaced.get_json() == {
        "id": "coupon",
        "question": "券怎么用？",
        "similar": [],
        "answer": "",
        "language": "",
        "category": "",
        "tags": [],
        "enabled": True,
        "valid_from": "",
        "valid_until": "",
        "segments": [],
        "prompts": [],
        "attachments": [],
        "answer_threshold": None,
        "revision": 2,
    }
    changed = client.patch("/api/v1/entries/coupon", json={"answer": "下单时选。", "enabled": False})
    assert changed.get_json() == {**replaced.get_json(), "answer": "下单时选。", "enabled": False, "revision": 3}
    assert client.get("/api/v1/entries/coupon").get_json() == changed.get_json()

    assert client.delete("/api/v1/entries/coupon", headers={"If-Match": '"3"'}).status_code == 204
    assert_error(client.get("/api/v1/entries/coupon"), 404, "entry_not_found")


def test_what_was_read_can_be_sent_back_unchanged(own_shop: Shop) -> None:
    client = own_shop.client("admin")
    read = client.get("/api/v1/entries/refund").get_json()
    written = client.put("/api/v1/entries/refund", json=read).get_json()
    assert written == {**read, "revision": 2}


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_change_that_somebody_else_overtook_is_a_conflict(own_shop: Shop, method: str) -> None:
    client = own_shop.client("admin")
    client.patch("/api/v1/entries/refund", json={"category": "售后"})
    body = {} if method == "delete" else {"json": {"question": "新问题"}}
    late = getattr(client, method)("/api/v1/entries/refund", headers={"If-Match": '"1"'}, **body)
    assert_error(late, 409, "edit_conflict")
    stored = client.get("/api/v1/entries/refund").get_json()
    assert (stored["question"], stored["category"]) == ("如何申请退款？", "售后")


def test_the_revision_may_stand_in_the_body_too(own_shop: Shop) -> None:
    late = own_shop.client("admin").patch("/api/v1/entries/refund", json={"category": "售后", "revision": 7})
    assert_error(late, 409, "edit_conflict")


def test_an_id_is_taken_once_and_never_changes(own_shop: Shop) -> None:
    client = own_shop.client("admin")
    assert_error(client.post("/api/v1/entries", json={**NEW, "id": "refund"}), 409, "entry_exists")
    assert_error(client.put("/api/v1/entries/refund", json={**NEW, "id": "other"}), 422, "invalid_request")
    assert_error(client.put("/api/v1/entries/unknown", json={"question": "新问题"}), 404, "entry_not_found")
    assert_error(client.patch("/api/v1/entries/unknown", json={}), 404, "entry_not_found")
    assert_error(client.delete("/api/v1/entries/unknown"), 404, "entry_not_found")


def test_an_id_may_hold_what_file_rows_allow(own_shop: Shop) -> None:
    client = own_shop.client("admin")
    created = client.post("/api/v1/entries", json={**NEW, "id": "券/使用 1"})
    assert created.status_code == 201
    assert client.get("/api/v1/entries/券%2F使用%201").get_json()["id"] == "券/使用 1"


def test_an_entry_without_an_id_gets_one(own_shop: Shop) -> None:
    created = own_shop.client("admin").post("/api/v1/entries", json={"question": "能货到付款吗？"}).get_json()
    assert created["id"]


def test_answers_are_sanitised_when_they_enter(own_shop: Shop) -> None:
    body = {**NEW, "answer": "好<script>alert(1)</script> [点](javascript:alert(1))"}
    stored = own_shop.client("admin").post("/api/v1/entries", json=body).get_json()["answer"]
    assert "<script" not in stored
    assert "javascript:" not in stored


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"question": ""}, "question"),
        ({"question": "？？"}, "question"),
        ({"id": "a<b>"}, "id"),
        ({"similar": "不是列表"}, "similar"),
        ({"similar": ["好", 5]}, "similar"),
        ({"language": "not a tag!"}, "language"),
        ({"enabled": "yes"}, "enabled"),
        ({"colour": "red"}, "colour"),
        ({"answer": "\x01" + "长" * 100_001}, "answer"),
        ({"valid_from": "1/5/2026"}, "valid_from"),
        ({"valid_until": "2026-04-30"}, "valid_until"),
        ({"attachments": ["javascript:alert(1)"]}, "attachments"),
        ({"answer_threshold": 1.5}, "answer_threshold"),
        ({"answer_threshold": True}, "answer_threshold"),
    ],
)
def test_an_entry_that_breaks_a_row_rule_is_refused_by_name(
    own_shop: Shop, change: dict[str, object], names: str
) -> None:
    client = own_shop.client("admin")
    response = client.post("/api/v1/entries", json={**NEW, **change})
    assert names in assert_error(response, 422, "invalid_request")
    assert_error(client.get("/api/v1/entries/coupon"), 404, "entry_not_found")


def test_a_revision_that_is_no_number_is_refused(own_shop: Shop) -> None:
    response = own_shop.client("admin").delete("/api/v1/entries/refund", headers={"If-Match": "abc"})
    assert "If-Match" in assert_error(response, 422, "invalid_request")


def test_the_list_can_be_walked_page_by_page(shop: Shop) -> None:
    client = shop.client("admin")
    seen: list[str] = []
    query: dict[str, str] | None = {"limit": "2"}
    while query is not None:
        page = client.get("/api/v1/entries", query_string=query).get_json()
        assert page["total"] == 5
        seen += [entry["id"] for entry in page["entries"]]
        query = {"limit": "2", "after": page["next"]} if page["next"] else None
    assert seen == ["invoice", "refund", "refund-time", "refund.en", "shipping"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("text=到账", ["refund-time"]),
        ("category=退款&language=zh", ["refund", "refund-time"]),
        ("tag=热门", ["refund"]),
        ("enabled=false", []),
        ("text=寄出", ["shipping"]),
    ],
)
def test_the_list_can_be_filtered(shop: Shop, query: str, ids: list[str]) -> None:
    page = shop.client("admin").get(f"/api/v1/entries?{query}").get_json()
    assert [entry["id"] for entry in page["entries"]] == ids


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "enabled=maybe", "sort=id"])
def test_a_list_parameter_that_is_not_usable_is_refused(shop: Shop, query: str) -> None:
    name = query.partition("=")[0]
    assert f"`{name}`" in assert_error(shop.client("admin").get(f"/api/v1/entries?{query}"), 422, "invalid_request")


def test_customers_keep_what_is_published_while_the_draft_changes(own_shop: Shop) -> None:
    own_shop.client("admin").patch("/api/v1/entries/shipping", json={"answer": "明天。"})
    asked = own_shop.client().post("/api/v1/ask", json={"question": "多久发货？"}).get_json()
    assert asked["answer"] == "48 小时内发货。"


def test_many_entries_change_at_once_and_are_counted(own_shop: Shop) -> None:
    client = own_shop.client("admin")
    done = client.post(
        "/api/v1/entries/bulk", json={"filter": {"category": "退款"}, "set": {"segments": ["vip", " vip "]}}
    )
    assert (done.status_code, done.get_json()) == (200, {"chosen": 3, "changed": 3})
    page = client.get("/api/v1/entries?segment=vip&limit=2").get_json()
    assert (page["found"], page["total"], page["next"]) == (3, 5, "refund-time")
    gone = client.post("/api/v1/entries/bulk", json={"ids": ["refund", "refund.en"], "delete": True})
    assert gone.get_json() == {"chosen": 2, "changed": 2}
    assert client.get("/api/v1/entries").get_json()["total"] == 3


@pytest.mark.parametrize(
    ("body", "status", "names"),
    [
        ({"set": {"enabled": False}}, 422, "`ids`, `revisions` or `filter`"),
        ({"ids": ["refund"], "filter": {}, "delete": True}, 422, "in one way"),
        ({"ids": ["refund"]}, 422, "`delete: true`"),
        ({"ids": ["refund"], "set": {}}, 422, "at least one field"),
        ({"ids": ["refund"], "set": {"enabled": False}, "delete": True}, 422, "either `set`"),
        ({"ids": ["refund"], "set": {"answer": "x"}}, 422, "no field `answer`"),
        ({"ids": ["refund"], "set": {"segments": [f"s{n}" for n in range(51)]}}, 422, "at most 50"),
        ({"filter": {"colour": "red"}, "delete": True}, 422, "no field `colour`"),
        ({"ids": ["refund", "gone"], "delete": True}, 404, "'gone'"),
        ({"revisions": {"refund": 1, "invoice": 7}, "delete": True}, 409, "'invoice'"),
        ({"filter": {}, "delete": True, "expected": 4}, 409, "5 entries, not 4"),
    ],
)
def test_a_change_of_many_that_is_not_right_for_all_is_made_for_none(
    shop: Shop, body: dict[str, object], status: int, names: str
) -> None:
    response = shop.client("admin").post("/api/v1/entries/bulk", json=body)
    code = {422: "invalid_request", 404: "entry_not_found", 409: "edit_conflict"}[status]
    assert names in assert_error(response, status, code)
    assert shop.client("admin").get("/api/v1/entries").get_json()["total"] == 5


def test_related_entries_are_given_by_meaning(shop: Shop) -> None:
    client = shop.client("admin")
    related = client.get("/api/v1/entries/refund/related").get_json()["related"]
    assert related[0]["entry_id"] == "refund-time"
    assert "refund.en" not in [one["entry_id"] for one in related], "a translation is the same entry in other words"
    assert_error(client.get("/api/v1/entries/unknown/related"), 404, "entry_not_found")

from __future__ import annotations

from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop


def _answer(shop: Shop) -> str:
    return str(shop.client().post("/api/v1/ask", json={"question": "多久发货？"}).get_json()["answer"])


def test_publishing_gives_customers_the_draft_and_rollback_takes_it_back(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    admin.patch("/api/v1/entries/shipping", json={"answer": "明天。"})
    assert _answer(own_shop) == "48 小时内发货。"

    published = admin.post("/api/v1/versions", json={"note": "更快了"})
    assert published.status_code == 201
    version = published.get_json()
    assert (version["number"], version["current"], version["note"]) == (2, True, "更快了")
    assert (version["entries"], version["wordings"], version["model"]) == (5, 11, "compact")
    assert _answer(own_shop) == "明天。"

    assert admin.post("/api/v1/versions/rollback", json={}).get_json()["number"] == 1
    assert _answer(own_shop) == "48 小时内发货。"
    assert admin.post("/api/v1/versions/rollback", json={"version": 2}).get_json()["current"] is True
    assert _answer(own_shop) == "明天。"

    listed = admin.get("/api/v1/versions").get_json()["versions"]
    assert [(row["number"], row["current"]) for row in listed] == [(2, True), (1, False)]


def test_a_publication_needs_no_body(own_shop: Shop) -> None:
    assert own_shop.client("admin").post("/api/v1/versions").status_code == 201


def test_a_draft_without_an_answer_is_not_published_and_says_which(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    admin.patch("/api/v1/entries/shipping", json={"answer": ""})
    response = admin.post("/api/v1/versions", json={})
    assert "shipping" in assert_error(response, 422, "publish_refused")
    [detail] = response.get_json()["error"]["details"]
    assert (detail["code"], detail["severity"], detail["entries"]) == ("no_answer", "blocking", ["shipping"])
    assert "答案" in detail["explanation"]["zh"]
    assert _answer(own_shop) == "48 小时内发货。"


def test_a_version_that_is_not_there_cannot_be_rolled_back_to(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    assert_error(admin.post("/api/v1/versions/rollback", json={"version": 99}), 404, "version_not_found")
    assert_error(admin.post("/api/v1/versions/rollback", json={}), 404, "version_not_found")
    assert "`version`" in assert_error(
        admin.post("/api/v1/versions/rollback", json={"version": "1"}), 422, "invalid_request"
    )

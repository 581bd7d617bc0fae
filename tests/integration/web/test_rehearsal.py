from __future__ import annotations

from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop


def test_test_questions_are_added_run_and_removed(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    added = admin.post("/api/v1/tests", json={"question": "多久发货？", "entry_id": "shipping"})
    assert added.status_code == 201
    [test, second] = admin.post("/api/v1/tests", json={"question": "发票在哪里下载"}).get_json()["tests"]
    assert second["entry_id"] is None
    run = admin.post("/api/v1/tests/run").get_json()
    assert (run["passed"], run["failed"]) == (1, 1)
    assert run["results"][1]["draft"]["entry_id"] == "invoice"
    assert "no entry 'gone'" in assert_error(
        admin.post("/api/v1/tests", json={"question": "a", "entry_id": "gone"}), 422, "invalid_request"
    )
    assert admin.delete(f"/api/v1/tests/{test['number']}").status_code == 204
    assert_error(admin.delete(f"/api/v1/tests/{test['number']}"), 404, "question_test_not_found")
    assert admin.get("/api/v1/tests").get_json()["tests"] == [second]


def test_the_difference_to_the_draft_and_between_versions_is_given(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    admin.patch("/api/v1/entries/shipping", json={"answer": "明天。"})
    admin.delete("/api/v1/entries/invoice")
    found = admin.get("/api/v1/versions/diff").get_json()
    assert (found["added"], found["removed"]) == ([], ["invoice"])
    [change] = found["changed"]
    assert (change["entry_id"], change["answer"]) == ("shipping", ["48 小时内发货。", "明天。"])
    admin.post("/api/v1/versions")
    assert admin.get("/api/v1/versions/diff?earlier=1&later=2").get_json() == found
    assert admin.get("/api/v1/versions/diff").get_json() == {"added": [], "removed": [], "changed": []}
    assert_error(admin.get("/api/v1/versions/diff?earlier=9"), 404, "version_not_found")


def test_a_replay_asks_the_kept_questions_of_the_draft(own_shop: Shop) -> None:
    own_shop.client().post("/api/v1/ask", json={"question": "多久发货？"})
    own_shop.services.question_log.close()
    admin = own_shop.client("admin")
    assert admin.get("/api/v1/replay").get_json() == {"asked": 1, "changed": []}
    admin.delete("/api/v1/entries/shipping")
    [changed] = admin.get("/api/v1/replay?last=5").get_json()["changed"]
    assert (changed["text"], changed["times"], changed["current"]["entry_id"]) == ("多久发货?", 1, "shipping")

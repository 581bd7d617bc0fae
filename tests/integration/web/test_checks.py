from __future__ import annotations

import io

from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop


def test_an_override_publishes_what_a_check_refuses_and_stays_with_the_version(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    admin.patch("/api/v1/entries/shipping", json={"answer": "{{days}} 天内。"})
    report = admin.get("/api/v1/checks").get_json()
    assert (report["publishable"], report["complete"], report["counts"]["placeholder"]) == (False, True, 1)
    assert "placeholder (shipping)" in assert_error(admin.post("/api/v1/versions"), 422, "publish_refused")
    assert "a note" in assert_error(
        admin.post("/api/v1/versions", json={"overrides": [{"code": "placeholder", "note": ""}]}),
        422,
        "invalid_request",
    )
    override = {"code": "placeholder", "note": "网关填写"}
    assert admin.post("/api/v1/versions", json={"overrides": [override]}).status_code == 201
    assert admin.get("/api/v1/versions/2/checks").get_json()["overrides"] == [override]
    assert_error(admin.get("/api/v1/versions/9/checks"), 404, "version_not_found")


def test_entries_with_problems_are_listed_with_them_and_can_be_disabled_together(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    for entry_id in ("shipping", "invoice"):
        admin.patch(f"/api/v1/entries/{entry_id}", json={"answer": "【待补充】"})
    page = admin.get("/api/v1/entries?problem=placeholder&limit=1").get_json()
    assert (page["found"], page["next"], [entry["id"] for entry in page["entries"]]) == (2, "invoice", ["invoice"])
    [problem] = [one for one in page["entries"][0]["problems"] if one["code"] == "placeholder"]
    assert (problem["severity"], problem["entries"]) == ("blocking", ["invoice"])
    assert "【待补充】" in problem["explanation"]["zh"]
    assert admin.get("/api/v1/entries?problem=placeholder&text=shipping").get_json()["found"] == 0
    assert "problems" not in admin.get("/api/v1/entries").get_json()["entries"][0]
    bulk = {"filter": {"problem": "placeholder"}, "set": {"enabled": False}, "expected": 2}
    assert admin.post("/api/v1/entries/bulk", json=bulk).get_json() == {"chosen": 2, "changed": 2}
    assert admin.get("/api/v1/entries?problem=placeholder").get_json()["found"] == 0
    assert "no check 'x'" in assert_error(admin.get("/api/v1/entries?problem=x"), 422, "invalid_request")


def test_a_file_is_compared_with_the_draft_and_not_imported(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    assert admin.get("/api/v1/duplicates?threshold=0.8").get_json() == {"pairs": []}
    rows = "id,question,answer\nnew,退款什么时候到账？,第二天。\nother,门店在哪里？,在上海。\n"
    form = {"file": (io.BytesIO(rows.encode()), "new.csv"), "threshold": "0.8"}
    [pair] = admin.post("/api/v1/duplicates", data=form).get_json()["pairs"]
    assert sorted(pair["entry_ids"]) == ["new", "refund-time"]
    assert pair["conflict"] is True
    assert "new" not in [entry["id"] for entry in admin.get("/api/v1/entries").get_json()["entries"]]


def test_a_file_with_a_bad_row_is_refused_with_its_line(own_shop: Shop) -> None:
    form = {"file": (io.BytesIO(b"id,question,answer\nx,,a\n"), "new.csv")}
    answer = own_shop.client("admin").post("/api/v1/duplicates", data=form)
    assert "Line 2" in assert_error(answer, 422, "rows_refused")

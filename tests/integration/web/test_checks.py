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

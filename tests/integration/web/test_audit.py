from __future__ import annotations

import pytest

from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop


def test_a_change_over_http_bears_the_keys_number_and_label(own_shop: Shop) -> None:
    key = own_shop.services.keys.create("admin", "Li Na").key
    number = own_shop.storage.keys.all()[-1].key_id
    client = own_shop.app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    client.patch("/api/v1/entries/refund", json={"answer": "新的答案"})
    client.post("/api/v1/versions", json={"note": "n"})
    own_shop.client("admin").patch("/api/v1/entries/refund", json={"answer": "更新的答案"})
    page = client.get(f"/api/v1/audit?actor=key {number}").get_json()
    assert [(one["actor"], one["action"], one["subject"]) for one in page["changes"]] == [
        (f"key {number}: Li Na", "version.publish", "2"),
        (f"key {number}: Li Na", "entry.update", "refund"),
    ]
    assert page["changes"][1]["after"] == {"answer": "新的答案"}
    assert page["next"] is None


def test_the_log_can_be_walked_page_by_page(shop: Shop) -> None:
    client = shop.client("admin")
    numbers: list[int] = []
    query: dict[str, object] | None = {"limit": 3, "action": "entry"}
    while query is not None:
        page = client.get("/api/v1/audit", query_string=query).get_json()
        numbers += [change["number"] for change in page["changes"]]
        query = {**query, "after": page["next"]} if page["next"] else None
    # The five entries of the shop.
    assert len(numbers) == 5
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01", "limit=0", "colour=red"])
def test_a_filter_that_makes_no_sense_is_refused_by_name(shop: Shop, query: str) -> None:
    response = shop.client("admin").get(f"/api/v1/audit?{query}")
    assert query.split("=", maxsplit=1)[0] in assert_error(response, 422, "invalid_request")


def test_a_day_is_found_from_its_first_to_its_last_moment(shop: Shop) -> None:
    client = shop.client("admin")
    assert client.get("/api/v1/audit?since=2020-01-01&until=9999-12-31").get_json()["changes"]
    assert client.get("/api/v1/audit?until=2020-01-01").get_json()["changes"] == []

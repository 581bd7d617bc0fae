from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop


def opens(shop: Shop, key: str) -> bool:
    return shop.app.test_client().get("/api/v1/lookup?q=退款", headers={"X-API-Key": key}).status_code == 200


def end(shop: Shop, number: int) -> None:
    """Let a key's end pass."""
    shop.storage.keys.rotate(number, "f" * 64, "2026-01-01T00:00:00.000000+00:00")


@pytest.fixture
def admin(own_shop: Shop) -> FlaskClient:
    return own_shop.client("admin")


def test_a_key_is_made_named_listed_replaced_and_revoked_over_http(own_shop: Shop, admin: FlaskClient) -> None:
    made = admin.post("/api/v1/keys", json={"role": "agent", "name": "客服台", "expires": "9000-01-01"})
    assert made.status_code == 201
    key, number = made.get_json()["key"], made.get_json()["id"]
    assert opens(own_shop, key)
    [listed] = [one for one in admin.get("/api/v1/keys").get_json()["keys"] if one["id"] == number]
    assert listed == {**{name: value for name, value in made.get_json().items() if name != "key"}}
    assert (listed["name"], listed["role"], listed["revoked"]) == ("客服台", "agent", False)
    # The whole of that day, wherever this machine is.
    assert listed["expires_at"][:10] in ("9000-01-01", "9000-01-02")

    successor = admin.post(f"/api/v1/keys/{number}/rotate", json={"overlap_days": 1}).get_json()
    assert (successor["name"], successor["role"], successor["expires_at"]) == ("客服台", "agent", None)
    assert opens(own_shop, key)
    assert opens(own_shop, successor["key"])
    [old] = [one for one in admin.get("/api/v1/keys").get_json()["keys"] if one["id"] == number]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert abs(datetime.fromisoformat(old["expires_at"]) - tomorrow) < timedelta(minutes=5)

    assert admin.delete(f"/api/v1/keys/{number}").status_code == 204
    assert not opens(own_shop, key)
    assert_error(admin.post(f"/api/v1/keys/{number}/rotate", json={}), 404, "key_not_found")
    assert_error(admin.delete("/api/v1/keys/999"), 404, "key_not_found")


def test_a_rotation_without_overlap_ends_the_old_key_at_once(own_shop: Shop, admin: FlaskClient) -> None:
    made = admin.post("/api/v1/keys", json={"role": "agent"}).get_json()
    new = admin.post(f"/api/v1/keys/{made['id']}/rotate", json={"overlap_days": 0}).get_json()
    assert not opens(own_shop, made["key"])
    assert opens(own_shop, new["key"])


def test_an_expired_key_is_refused_in_a_sentence_of_its_own(own_shop: Shop) -> None:
    made = own_shop.services.keys.create("agent", "desk")
    end(own_shop, made.key_id)
    client = own_shop.app.test_client()
    response = client.get("/api/v1/lookup?q=退款", headers={"X-API-Key": made.key})
    assert "expired" in assert_error(response, 401, "key_expired")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    # Where no key is needed, it is no more than any stranger's.
    asked = client.post("/api/v1/ask", json={"question": "退款"}, headers={"X-API-Key": made.key})
    assert asked.status_code == 200


@pytest.mark.parametrize("expires", ["yesterday", "2020-01-01", "9999-12-31T23:59-14:00", ""])
def test_an_end_that_makes_no_sense_is_refused(admin: FlaskClient, expires: str) -> None:
    response = admin.post("/api/v1/keys", json={"role": "ask", "expires": expires})
    if expires.startswith("9999"):
        assert response.get_json()["expires_at"].startswith("9999-12-31")
    else:
        assert "`expires`" in assert_error(response, 422, "invalid_request")


def test_the_last_use_is_kept_and_wrong_keys_are_counted_in_one_line(own_shop: Shop) -> None:
    key = own_shop.services.keys.create("agent", "desk")
    for _ in range(5):
        opens(own_shop, key.key)
    for number in range(5):
        assert not opens(own_shop, f"faqbot_agent_{number:032d}")
    own_shop.services.key_uses.flush()
    [used] = [row for row in own_shop.storage.keys.all() if row.key_id == key.key_id]
    assert used.last_used_at is not None
    assert abs(datetime.fromisoformat(used.last_used_at) - datetime.now(UTC)) < timedelta(minutes=5)
    [refused] = own_shop.storage.audit.changes(action="key.refused")
    assert (refused.subject, refused.actor) == ("127.0.0.1", "faqbot")
    assert refused.after == {"wrong_keys": 5, "networks": {"127.0.0.1": 5}, "others": 0}
    [change] = own_shop.storage.audit.changes(action="key.use", subject=str(key.key_id))
    assert change.after == {"name": "desk", "first": True, "new_networks": 1, "such_as": ["127.0.0.1"]}

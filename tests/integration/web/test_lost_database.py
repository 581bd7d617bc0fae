"""What callers are told while the database is gone: customers their answers, everybody else the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

import pytest

from faqbot.encoder import Encoder
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

HEADER = "X-Faqbot-Database"


@pytest.fixture
def watched(compact_encoder: Encoder, tmp_path: Path) -> Iterator[Shop]:
    """A shop whose database is looked at again and again."""
    shop = open_shop(tmp_path, compact_encoder)
    shop.storage.watch(0.02)
    yield shop
    shop.close()


def files(shop: Shop) -> list[Path]:
    folder = shop.storage.folder
    assert folder
    return [path for path in folder.iterdir() if ".db" in path.name]


def until(holds: Callable[[], bool]) -> None:
    """Wait, at most 10 s."""
    end = monotonic() + 10
    while not holds():
        assert monotonic() < end, "it never came"
        sleep(0.01)


def test_customers_are_answered_with_a_header_staff_are_refused_and_a_file_put_back_ends_it(watched: Shop) -> None:
    customer, admin = watched.client(), watched.client("admin")
    before = customer.post("/api/v1/ask", json={"question": "多久发货？"})
    assert HEADER not in before.headers
    moved = [(path, path.rename(path.with_name(f"away-{path.name}"))) for path in files(watched)]
    until(lambda: HEADER in customer.get("/healthz").headers)
    ready = customer.get("/readyz")
    assert ready.status_code == 503
    check = ready.get_json()["checks"]["schema"]
    assert (check["ok"], check["code"]) == (False, "database_lost")
    assert "was deleted" in check["message"]

    asked = customer.post("/api/v1/ask", json={"question": "多久发货？"})
    assert asked.get_json()["answer"] == before.get_json()["answer"]
    assert asked.headers[HEADER] == "database_lost"
    assert HEADER in asked.headers["Access-Control-Expose-Headers"]
    for method, path, body in (
        ("POST", "/api/v1/entries", {"question": "q", "answer": "a"}),
        ("DELETE", "/api/v1/entries/refund", None),
        ("POST", "/api/v1/labels", {"question": "q", "entry_ids": []}),
        ("POST", "/api/v1/tests", {"question": "q"}),
        ("POST", "/api/v1/versions", {"note": "x"}),
        ("DELETE", "/api/v1/questions", None),
    ):
        refused = admin.open(path, method=method, json=body)
        assert "was deleted" in assert_error(refused, 503, "database_lost")
    opinion = {"request_id": asked.headers["X-Request-ID"], "kind": "helpful"}
    assert_error(customer.post("/api/v1/feedback", json=opinion), 503, "database_lost")

    for path, away in moved:
        away.rename(path)
    until(lambda: customer.get("/readyz").status_code == 200)
    assert admin.post("/api/v1/entries", json={"question": "q", "answer": "a"}).status_code == 201
    assert HEADER not in customer.post("/api/v1/ask", json={"question": "多久发货？"}).headers


@pytest.mark.parametrize("ask_open", [True, False])
def test_keys_open_what_needs_no_database_while_it_is_away(
    compact_encoder: Encoder, tmp_path: Path, ask_open: bool
) -> None:
    shop = open_shop(tmp_path, compact_encoder, ask_open=ask_open)
    customer, agent, stranger = shop.client("ask"), shop.client("agent"), shop.client()
    revoked = shop.services.keys.create("ask")
    shop.services.keys.revoke(revoked.key_id)
    shop.storage.watch(0.02)
    until(lambda: shop.storage.keys.remembered(sha256(shop.keys["ask"].encode()).hexdigest()) is not None)
    for path in files(shop):
        path.rename(path.with_name(f"away-{path.name}"))
    until(lambda: HEADER in stranger.get("/healthz").headers)

    question = {"question": "多久发货？"}
    for client in (customer, agent):
        asked = client.post("/api/v1/ask", json=question)
        assert asked.status_code == 200
        assert asked.headers[HEADER] == "database_lost"
    assert agent.get("/metrics").status_code == 200
    assert_error(customer.get("/metrics"), 403, "forbidden")
    for key in (revoked.key, "faqbot_ask_nobody-knows-this-one"):
        asked = stranger.post("/api/v1/ask", json=question, headers={"X-API-Key": key})
        if ask_open:
            # A key that nobody can look up counts as none.
            assert asked.status_code == 200
        else:
            assert_error(asked, 503, "database_lost")
    shop.close()

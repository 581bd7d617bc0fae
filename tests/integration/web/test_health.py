from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from faqbot.encoder import Encoder
from faqbot.errors import DatabaseUnavailable, ModelMismatch, NotReady
from faqbot.settings import Settings
from faqbot.web.application import create_app
from faqbot.web.services_door import Services, ServicesDoor
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop


def _wait_until(client: FlaskClient, code: str | None) -> None:
    """Wait, at most 5 s, until readiness reports this code for the services; None: until they are open."""
    for _ in range(500):
        services = client.get("/readyz").get_json()["checks"].get("services", {})
        if services.get("code") == code:
            return
        time.sleep(0.01)
    pytest.fail(f"the services never came to {code}")


def test_a_published_shop_is_ready_check_by_check(shop: Shop) -> None:
    response = shop.client().get("/readyz")
    assert response.status_code == 200
    assert response.get_json() == {
        "status": "ready",
        "checks": {"schema": {"ok": True}, "index": {"ok": True}, "fingerprint": {"ok": True}},
        "model": "compact",
        "version": 1,
    }


def test_an_unpublished_shop_is_not_ready_and_says_which_check_failed(compact_encoder: Encoder, tmp_path: Path) -> None:
    shop = open_shop(tmp_path, compact_encoder, publish=False)
    response = shop.client().get("/readyz")
    assert response.status_code == 503
    body = response.get_json()
    assert body["status"] == "not_ready"
    assert body["checks"]["schema"] == {"ok": True}
    assert body["checks"]["index"]["code"] == "not_ready"
    assert "publish" in body["checks"]["index"]["message"]
    shop.close()


def test_a_version_of_another_model_makes_the_fingerprint_check_fail(own_shop: Shop) -> None:
    own_shop.services.published.problem = ModelMismatch("Version 2 was encoded with another model.")
    body = own_shop.client().get("/readyz").get_json()
    assert body["checks"]["fingerprint"] == {
        "ok": False,
        "code": "model_mismatch",
        "message": "Version 2 was encoded with another model.",
    }
    assert body["checks"]["index"] == {"ok": True}


def test_a_version_that_could_not_be_loaded_makes_the_index_check_fail_while_the_old_one_answers(
    own_shop: Shop,
) -> None:
    own_shop.services.published.problem = NotReady("Version 2 could not be loaded; the log says why.")
    response = own_shop.client().get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["checks"]["index"] == {
        "ok": False,
        "code": "not_ready",
        "message": "Version 2 could not be loaded; the log says why.",
    }
    assert own_shop.client().post("/api/v1/ask", json={"question": "多久发货？"}).status_code == 200


def test_the_process_is_alive_and_shows_its_page_while_services_are_opening() -> None:
    release = threading.Event()

    def open_services() -> Services:
        release.wait()
        raise DatabaseUnavailable("The database is away.")

    client = create_app(ServicesDoor.opening(open_services), Settings()).test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["services"]["code"] == "not_ready"
    asked = client.post("/api/v1/ask", json={"question": "怎么退款"})
    assert "loaded" in assert_error(asked, 503, "not_ready")
    assert int(asked.headers["Retry-After"]) > 0
    assert_error(client.get("/api/v1/entries", headers={"X-API-Key": "any"}), 503, "not_ready")
    release.set()


def test_services_that_could_not_be_opened_are_tried_again_and_meanwhile_say_why(shop: Shop) -> None:
    comes_back = threading.Event()

    def open_services() -> Services:
        if not comes_back.is_set():
            raise DatabaseUnavailable("The database is away.")
        return shop.services

    client = create_app(ServicesDoor.opening(open_services, again_after=0.05), Settings()).test_client()
    _wait_until(client, "database_unavailable")
    assert "The database is away." in client.get("/readyz").get_data(as_text=True)
    assert_error(client.post("/api/v1/ask", json={"question": "a"}), 503, "database_unavailable")
    comes_back.set()
    _wait_until(client, None)
    assert client.get("/readyz").status_code == 200


def test_a_failure_that_nobody_foresaw_stays_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    failed = threading.Event()

    def open_services() -> Services:
        failed.set()
        raise RuntimeError("secret detail")

    client = create_app(ServicesDoor.opening(open_services, again_after=60), Settings()).test_client()
    assert failed.wait(5)
    for _ in range(500):
        if "log says why" in client.get("/readyz").get_data(as_text=True):
            break
        time.sleep(0.01)
    assert "secret" not in client.get("/readyz").get_data(as_text=True)
    assert "secret detail" in caplog.text


def test_requests_are_counted_by_route_and_never_by_content(own_shop: Shop) -> None:
    own_shop.client().post("/api/v1/ask", json={"question": "多久发货？"})
    own_shop.client().get("/nothing/here")
    text = own_shop.client("agent").get("/metrics").get_data(as_text=True)
    assert 'faqbot_requests_total{method="POST",route="/api/v1/ask",status="200"} 1.0' in text
    assert 'faqbot_requests_total{method="any",route="unknown",status="404"} 1.0' in text
    assert 'faqbot_request_seconds_count{route="/api/v1/ask"} 1.0' in text
    assert "发货" not in text
    assert "nothing" not in text

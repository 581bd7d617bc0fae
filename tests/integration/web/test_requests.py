from __future__ import annotations

import re

import pytest

from tests.integration.web.shop import Shop


def test_a_callers_request_id_comes_back(shop: Shop) -> None:
    response = shop.client().post(
        "/api/v1/ask", json={"question": "多久发货？"}, headers={"X-Request-ID": "order-7.a_b"}
    )
    assert response.headers["X-Request-ID"] == "order-7.a_b"
    assert response.get_json()["request_id"] == "order-7.a_b"


@pytest.mark.parametrize("sent", ["", "x" * 65, "two words", "<script>", "日志"])
def test_a_request_id_that_could_harm_a_log_is_replaced(shop: Shop, sent: str) -> None:
    response = shop.client().get("/healthz", headers={"X-Request-ID": sent.encode().decode("latin-1")})
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/static/page.css", "/openapi.json"])
def test_every_response_tells_browsers_what_to_forbid(shop: Shop, path: str) -> None:
    with shop.client().get(path) as response:
        headers = response.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"


def test_replies_are_not_cached(shop: Shop) -> None:
    assert shop.client().post("/api/v1/ask", json={"question": "a"}).headers["Cache-Control"] == "no-store"


def test_the_openapi_document_describes_every_route_and_names_no_other_host(shop: Shop) -> None:
    response = shop.client().get("/openapi.json")
    document = response.get_json()
    assert document["openapi"].startswith("3.1")
    described = set(document["paths"])
    assert {
        "/api/v1/ask",
        "/api/v1/lookup",
        "/api/v1/similarity",
        "/api/v1/entries",
        "/api/v1/entries/{entry_id}",
        "/api/v1/imports",
        "/api/v1/exports/{file_format}",
        "/api/v1/versions",
        "/api/v1/versions/rollback",
        "/channels/deep-chat",
        "/webhooks/rest/webhook",
        "/healthz",
        "/readyz",
        "/metrics",
    } <= described
    assert "http://" not in response.get_data(as_text=True)
    assert "https://" not in response.get_data(as_text=True)


def test_every_reference_in_the_openapi_document_leads_somewhere(shop: Shop) -> None:
    response = shop.client().get("/openapi.json")
    schemas = response.get_json()["components"]["schemas"]
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', response.get_data(as_text=True)))
    assert {"AskBody", "Reply", "Error"} <= references
    assert references <= set(schemas)
    assert not [name for name in schemas if re.search(r"\d", name)], "a reply is described once"


def test_the_openapi_document_says_who_may_call(shop: Shop) -> None:
    paths = shop.client().get("/openapi.json").get_json()["paths"]
    assert paths["/api/v1/ask"]["post"]["security"] == []
    assert paths["/api/v1/entries/{entry_id}"]["put"]["security"] == [{"bearer": []}, {"key": []}]


def test_there_is_no_documentation_page_that_loads_from_elsewhere(shop: Shop) -> None:
    assert shop.client().get("/docs").status_code == 404


def test_an_empty_body_and_a_missing_type_are_told_apart(shop: Shop) -> None:
    assert shop.client().post("/api/v1/ask").status_code == 422
    assert shop.client().post("/api/v1/ask", data=b'{"question": "a"}').status_code == 415

from __future__ import annotations

import pytest

from faqbot.web.shapes.shape import ERROR_SCHEMA
from tests.fuzz.api_cases import fuzz
from tests.fuzz.shops import headers_of
from tests.integration.web.shop import Shop

CASES = 240
"""A handful for each operation; `python -m tests.fuzz` sends as many as somebody has time for."""


@pytest.mark.parametrize("role", ["nobody", "agent", "admin"])
def test_every_reply_is_as_the_document_says(fuzzed: Shop, role: str) -> None:
    found = fuzz(fuzzed.app, CASES, headers_of(fuzzed, role), 0)
    assert not found.faults, "\n\n".join(found.faults.values())
    assert found.statuses.total() >= CASES
    operations = {label for label, _ in found.statuses}
    paths = fuzzed.client().get("/openapi.json").get_json()["paths"]
    assert operations == {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def test_a_reply_that_is_not_as_the_document_says_is_found(fuzzed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    views = fuzzed.app.view_functions
    monkeypatch.setitem(views, "health.healthz", lambda: ({"status": "fine"}, 200))
    monkeypatch.setitem(views, "rasa.status", lambda: ({"status": "ok"}, 418))
    found = fuzz(fuzzed.app, 1, {}, 0)
    assert set(found.faults) == {
        ("GET /healthz", "Response violates schema"),
        ("GET /webhooks/rest/", "Undocumented status code"),
    }


def test_the_document_says_of_every_reply_what_it_holds(fuzzed: Shop) -> None:
    document = fuzzed.client().get("/openapi.json").get_json()
    loose = [
        (path, method, status)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status, response in operation["responses"].items()
        for media, content in response.get("content", {}).items()
        if media != "text/event-stream" and content["schema"] in ({}, {"type": "object"})
    ]
    assert not loose
    assert document["components"]["schemas"]["Error"] == ERROR_SCHEMA

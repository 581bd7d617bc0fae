"""The one assertion for every failure."""

from __future__ import annotations

from werkzeug.test import TestResponse


def assert_error(response: TestResponse, status: int, code: str) -> str:
    """The response is the one error body with this status and code; gives its sentence."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/json"
    body = response.get_json()
    assert list(body) == ["error", "request_id"]
    assert list(body["error"]) == ["code", "message", "details"]
    assert body["error"]["code"] == code
    assert isinstance(body["error"]["details"], list)
    assert body["request_id"] == response.headers["X-Request-ID"]
    message = body["error"]["message"]
    assert message.endswith((".", "。"))
    assert "\n" not in message
    assert "Traceback" not in message
    return str(message)

"""One error body for every failure path, whoever raises it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.exceptions import NotImplemented as NotBuilt

from faqbot import errors
from faqbot.encoder import Encoder
from faqbot.web.middleware import access
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

# Status of every error class; a class that is not written here fails the first test below.
STATUS: dict[type[errors.FaqbotError], int] = {
    errors.FaqbotError: 500,
    errors.SettingsError: 500,
    errors.UnknownSetting: 500,
    errors.ModelError: 503,
    errors.ModelUnavailable: 503,
    errors.ModelMismatch: 503,
    errors.EncodingFailed: 500,
    errors.RequestError: 422,
    errors.InvalidRequest: 422,
    errors.QuestionEmpty: 422,
    errors.QuestionTooLong: 422,
    errors.UnknownMode: 422,
    errors.Unauthorised: 401,
    errors.KeyExpired: 401,
    errors.KeyNotFound: 404,
    errors.Forbidden: 403,
    errors.TooLarge: 413,
    errors.UnsupportedMediaType: 415,
    errors.ChannelOff: 404,
    errors.TooManyRequests: 429,
    errors.VendorFailed: 502,
    errors.BadSignature: 401,
    errors.DeliveryConflict: 409,
    errors.UnknownModel: 404,
    errors.KnowledgeError: 422,
    errors.EntryNotFound: 404,
    errors.FeedbackNotFound: 404,
    errors.EntryExists: 409,
    errors.EditConflict: 409,
    errors.VersionNotFound: 404,
    errors.QuestionTestNotFound: 404,
    errors.JobNotFound: 404,
    errors.JobInterrupted: 500,
    errors.PublishRefused: 422,
    errors.FileError: 422,
    errors.FileNotFound: 422,
    errors.UnsupportedFileType: 415,
    errors.UnreadableFile: 422,
    errors.MissingColumn: 422,
    errors.UnclearTable: 422,
    errors.ConfirmationNeeded: 409,
    errors.FileTooLarge: 413,
    errors.RowsRefused: 422,
    errors.StorageError: 503,
    errors.DatabaseUnavailable: 503,
    errors.DatabaseLost: 503,
    errors.SchemaOutdated: 503,
    errors.DatabaseNotEmpty: 409,
    errors.NotReady: 503,
    errors.Overloaded: 503,
    errors.ClientGone: 499,
    errors.PortInUse: 500,
}


@pytest.fixture(scope="module")
def shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = open_shop(tmp_path_factory.mktemp("errors"), compact_encoder)
    yield opened
    opened.close()


def _route_that_raises(app: Flask, error: Exception, monkeypatch: pytest.MonkeyPatch) -> str:
    def fail() -> str:
        raise error

    name = f"raises_{id(error)}"
    monkeypatch.setitem(access.AUDIENCES, name, "open")
    app._got_first_request = False  # Flask wants no routes after the first request; tests share one application.
    app.add_url_rule(f"/{name}", name, fail)
    return f"/{name}"


def _family(root: type[errors.FaqbotError]) -> set[type[errors.FaqbotError]]:
    return {root}.union(*(_family(child) for child in root.__subclasses__()))


def test_every_error_class_is_written_down_here() -> None:
    ours = {cls for cls in _family(errors.FaqbotError) if cls.__module__.startswith("faqbot.errors.")}
    assert ours == set(STATUS)


@pytest.mark.parametrize("family", STATUS, ids=lambda family: family.__name__)
def test_every_error_of_ours_has_its_status_its_code_and_its_details(
    shop: Shop, family: type[errors.FaqbotError], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _route_that_raises(shop.app, family("Change this.", [{"line": 3}]), monkeypatch)
    response = shop.client().get(path)
    assert assert_error(response, STATUS[family], family.code) == "Change this."
    assert response.get_json()["error"]["details"] == [{"line": 3}]


@pytest.mark.parametrize("family", [errors.NotReady, errors.Overloaded, errors.DatabaseUnavailable])
def test_a_failure_that_passes_says_when_to_come_again(
    shop: Shop, family: type[errors.FaqbotError], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _route_that_raises(shop.app, family("Wait."), monkeypatch)
    assert int(shop.client().get(path).headers["Retry-After"]) > 0


def test_what_nobody_foresaw_is_logged_under_the_request_id_and_told_to_nobody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = _route_that_raises(shop.app, RuntimeError("password is hunter2"), monkeypatch)
    response = shop.client().get(path, headers={"X-Request-ID": "seen-in-the-log"})
    assert_error(response, 500, "internal_error")
    assert "hunter2" not in response.get_data(as_text=True)
    assert "hunter2" in caplog.text
    assert "seen-in-the-log" in caplog.text


def test_errors_of_the_framework_have_the_same_body(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    client = shop.client("admin")
    assert "/nowhere" in assert_error(client.get("/nowhere"), 404, "not_found")
    assert_error(client.get("/static/nowhere.css"), 404, "not_found")
    refused = client.get("/api/v1/ask")
    assert "POST" in assert_error(refused, 405, "method_not_allowed")
    assert "POST" in refused.headers["Allow"]
    assert_error(client.post("/api/v1/ask", data=b"x" * 1_000_001, content_type="application/json"), 413, "too_large")
    assert_error(client.post("/api/v1/ask", data={"question": "a"}), 415, "unsupported_media_type")
    assert_error(client.post("/api/v1/ask", data="{", content_type="application/json"), 400, "invalid_request")
    assert_error(client.post("/api/v1/ask", json={}), 422, "invalid_request")
    assert_error(client.get(_route_that_raises(shop.app, NotBuilt("Not built."), monkeypatch)), 501, "internal_error")


def test_every_route_that_takes_json_refuses_what_is_none(shop: Shop) -> None:
    client = shop.client("admin")
    for method, path in (
        ("POST", "/api/v1/ask"),
        ("POST", "/api/v1/similarity"),
        ("POST", "/api/v1/entries"),
        ("PUT", "/api/v1/entries/refund"),
        ("PATCH", "/api/v1/entries/refund"),
        ("POST", "/api/v1/versions"),
        ("POST", "/api/v1/versions/rollback"),
    ):
        broken = client.open(path, method=method, data="{", content_type="application/json")
        assert "JSON" in assert_error(broken, 400, "invalid_request")
        unknown = client.open(path, method=method, json={"colour": "red"})
        assert "`colour`" in assert_error(unknown, 422, "invalid_request")
        array = client.open(path, method=method, json=[1])
        assert "object" in assert_error(array, 422, "invalid_request")


def test_a_stranger_is_refused_before_the_body_is_read(shop: Shop) -> None:
    assert_error(shop.client().post("/api/v1/entries", data=b"x" * 5_000_000), 401, "unauthorised")

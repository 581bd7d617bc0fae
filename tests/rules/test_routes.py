"""Who may call what, written down a second time: a new route has to be added here by somebody who thought about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from faqbot import settings
from faqbot.encoder import Encoder
from faqbot.web.middleware.access import audience_of
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

OPEN, SIGNED, ASK, AGENT, ADMIN = "open", "signed", "ask", "agent", "admin"

CHANNEL_SECRETS = [name.removeprefix("channels.") for name in settings.SECRETS if name.startswith("channels.")]

# So that every door is there; nobody below signs.
SECRETS = {
    **{name: "a secret of the tests" for name in CHANNEL_SECRETS},
    "wecom_aes_key": "k" * 43,
    "wecom_corp_id": "a company of the tests",
    "lark_app_id": "an app of the tests",
}

ACCESS = {
    ("GET", "/"): OPEN,
    ("GET", "/demo"): OPEN,
    ("GET", "/static/<path:filename>"): OPEN,
    ("GET", "/openapi.json"): OPEN,
    ("GET", "/healthz"): OPEN,
    ("GET", "/readyz"): OPEN,
    ("POST", "/api/v1/ask"): ASK,
    ("POST", "/api/v1/similarity"): ASK,
    ("GET", "/webhooks/rest/"): ASK,
    ("POST", "/webhooks/rest/webhook"): ASK,
    ("POST", "/channels/deep-chat"): ASK,
    ("POST", "/language/:query-knowledgebases"): ASK,
    ("POST", "/knowledgebases/<kb>/generateAnswer"): ASK,
    ("POST", "/qnamaker/knowledgebases/<kb>/generateAnswer"): ASK,
    ("POST", "/qnamaker/<preview>/knowledgebases/<kb>/generateAnswer"): ASK,
    ("POST", "/v1/chat/completions"): ASK,
    ("GET", "/v1/models"): ASK,
    ("GET", "/v1/models/<path:name>"): ASK,
    ("POST", "/v1/embeddings"): AGENT,
    ("POST", "/channels/webhook"): SIGNED,
    ("POST", "/channels/webhook/check"): OPEN,
    ("POST", "/channels/chatwoot"): SIGNED,
    ("POST", "/channels/slack"): SIGNED,
    ("POST", "/channels/lark"): SIGNED,
    ("GET", "/channels/wecom"): SIGNED,
    ("POST", "/channels/wecom"): SIGNED,
    ("GET", "/api/v1/lookup"): AGENT,
    ("POST", "/api/v1/lookup"): AGENT,
    ("GET", "/metrics"): AGENT,
    ("GET", "/api/v1/questions"): AGENT,
    ("DELETE", "/api/v1/questions"): ADMIN,
    ("POST", "/api/v1/questions/erase"): ADMIN,
    ("POST", "/api/v1/questions/expire"): ADMIN,
    ("POST", "/api/v1/feedback"): ASK,
    ("GET", "/api/v1/feedback"): AGENT,
    ("POST", "/api/v1/feedback/<int:number>/accept"): ADMIN,
    ("DELETE", "/api/v1/feedback/<int:number>"): ADMIN,
    ("POST", "/api/v1/feedback/dismiss"): ADMIN,
    ("GET", "/api/v1/thresholds"): ADMIN,
    ("DELETE", "/api/v1/thresholds/traffic"): ADMIN,
    ("GET", "/api/v1/labels"): ADMIN,
    ("POST", "/api/v1/labels"): ADMIN,
    ("DELETE", "/api/v1/labels"): ADMIN,
    ("GET", "/api/v1/entries"): ADMIN,
    ("POST", "/api/v1/entries"): ADMIN,
    ("POST", "/api/v1/entries/bulk"): ADMIN,
    ("GET", "/api/v1/entries/<path:entry_id>"): ADMIN,
    ("GET", "/api/v1/entries/<path:entry_id>/related"): ADMIN,
    ("PUT", "/api/v1/entries/<path:entry_id>"): ADMIN,
    ("PATCH", "/api/v1/entries/<path:entry_id>"): ADMIN,
    ("DELETE", "/api/v1/entries/<path:entry_id>"): ADMIN,
    ("GET", "/api/v1/audit"): ADMIN,
    ("GET", "/api/v1/audit/verification"): ADMIN,
    ("GET", "/api/v1/keys"): ADMIN,
    ("POST", "/api/v1/keys"): ADMIN,
    ("POST", "/api/v1/keys/<int:number>/rotate"): ADMIN,
    ("DELETE", "/api/v1/keys/<int:number>"): ADMIN,
    ("POST", "/api/v1/imports"): ADMIN,
    ("POST", "/api/v1/imports/rejected"): ADMIN,
    ("GET", "/api/v1/exports/<file_format>"): ADMIN,
    ("POST", "/api/v1/jobs/import"): ADMIN,
    ("POST", "/api/v1/jobs/publish"): ADMIN,
    ("GET", "/api/v1/jobs"): ADMIN,
    ("GET", "/api/v1/jobs/<int:job_id>"): ADMIN,
    ("GET", "/api/v1/jobs/<int:job_id>/rows"): ADMIN,
    ("POST", "/api/v1/jobs/<int:job_id>/cancel"): ADMIN,
    ("GET", "/api/v1/checks"): ADMIN,
    ("GET", "/api/v1/replay"): ADMIN,
    ("GET", "/api/v1/tests"): ADMIN,
    ("POST", "/api/v1/tests"): ADMIN,
    ("POST", "/api/v1/tests/run"): ADMIN,
    ("DELETE", "/api/v1/tests/<int:number>"): ADMIN,
    ("GET", "/api/v1/versions/diff"): ADMIN,
    ("GET", "/api/v1/duplicates"): ADMIN,
    ("POST", "/api/v1/duplicates"): ADMIN,
    ("GET", "/api/v1/versions/<int:number>/checks"): ADMIN,
    ("GET", "/api/v1/versions"): ADMIN,
    ("POST", "/api/v1/versions"): ADMIN,
    ("POST", "/api/v1/versions/rollback"): ADMIN,
}

# Which audiences' routes a caller reaches; a caller without a key is `nobody`.
REACHES = {"nobody": {OPEN}, "ask": {OPEN, ASK}, "agent": {OPEN, ASK, AGENT}, "admin": {OPEN, ASK, AGENT, ADMIN}}


def _routes(app: Flask) -> dict[tuple[str, str], str]:
    return {
        (method, rule.rule): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.fixture(scope="module")
def closed_shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = open_shop(tmp_path_factory.mktemp("closed"), compact_encoder, ask_open=False, channels=SECRETS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def asking_shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    opened = open_shop(tmp_path_factory.mktemp("asking"), compact_encoder, channels=SECRETS)
    yield opened
    opened.close()


def test_every_route_is_written_down_here(closed_shop: Shop) -> None:
    assert set(_routes(closed_shop.app)) == set(ACCESS)


def test_every_route_has_the_audience_that_is_written_down(closed_shop: Shop) -> None:
    found = {route: audience_of(endpoint) for route, endpoint in _routes(closed_shop.app).items()}
    assert found == ACCESS


@pytest.mark.parametrize("caller", REACHES)
@pytest.mark.parametrize("route", ACCESS, ids=" ".join)
def test_a_closed_shop_lets_a_caller_reach_what_the_key_allows(
    closed_shop: Shop, caller: str, route: tuple[str, str]
) -> None:
    status = _call(closed_shop, caller, route)
    if ACCESS[route] == SIGNED:
        assert status == 401
    elif ACCESS[route] in REACHES[caller]:
        assert status not in (401, 403)
    else:
        assert status == (401 if caller == "nobody" else 403)


@pytest.mark.parametrize("route", ACCESS, ids=" ".join)
def test_an_open_shop_lets_anybody_ask_and_nothing_more(asking_shop: Shop, route: tuple[str, str]) -> None:
    status = _call(asking_shop, "nobody", route)
    assert (status == 401) == (ACCESS[route] in (SIGNED, AGENT, ADMIN))


def _call(shop: Shop, caller: str, route: tuple[str, str]) -> int:
    method, path = route
    path = re.sub(r"<(?:\w+:)?\w+>", "unknown", re.sub(r"<int:\w+>", "999", path))
    client = shop.client(None if caller == "nobody" else caller)  # type: ignore[arg-type]
    return client.open(path, method=method).status_code


def test_a_route_that_nobody_entered_in_the_table_is_closed_even_to_admins(
    compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = open_shop(tmp_path_factory.mktemp("forgotten"), compact_encoder)
    shop.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert_error(shop.client("admin").get("/forgotten"), 403, "forbidden")
    shop.close()


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
def test_a_key_is_taken_from_either_header(closed_shop: Shop, header: str) -> None:
    key = closed_shop.keys["agent"]
    value = key if header == "X-API-Key" else f"Bearer {key}"
    assert closed_shop.client().get("/api/v1/lookup?q=退款", headers={header: value}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": "faqbot_admin_guess"},
        {"Authorization": "Bearer faqbot_admin_guess"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
        {"X-API-Key": " "},
        {"X-API-Key": "\u00ff"},
    ],
)
def test_a_key_that_is_not_known_opens_nothing(closed_shop: Shop, headers: dict[str, str]) -> None:
    response = closed_shop.client().get("/api/v1/entries", headers=headers)
    assert_error(response, 401, "unauthorised")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_opens_nothing(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> None:
    shop = open_shop(tmp_path_factory.mktemp("revoked"), compact_encoder)
    assert shop.client("agent").get("/api/v1/lookup?q=退款").status_code == 200
    [agent] = [row.key_id for row in shop.storage.keys.all() if row.role == "agent"]
    shop.storage.keys.revoke(agent)
    assert_error(shop.client("agent").get("/api/v1/lookup?q=退款"), 401, "unauthorised")
    shop.close()


def test_a_key_in_the_address_is_taken_by_rasas_channel_alone(closed_shop: Shop) -> None:
    token = f"?token={closed_shop.keys['ask']}"
    assert closed_shop.client().get(f"/webhooks/rest/{token}").status_code == 200
    assert closed_shop.client().get("/webhooks/rest/?token=guess").status_code == 401
    assert closed_shop.client().post(f"/api/v1/ask{token}", json={"question": "退款"}).status_code == 401
    assert closed_shop.client().get(f"/api/v1/entries?key={closed_shop.keys['admin']}").status_code == 401

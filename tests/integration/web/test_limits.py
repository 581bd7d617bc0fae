from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from limits.errors import StorageError
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.test import TestResponse

from faqbot.encoder import Encoder
from faqbot.errors import SettingsError
from faqbot.settings import load_settings
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

ASK = "/api/v1/ask"


@pytest.fixture
def limited(compact_encoder: Encoder, tmp_path: Path) -> Iterator[Shop]:
    limits = {"per_address": "3/minute", "per_key": "5/minute", "per_session": "2/minute"}
    opened = open_shop(tmp_path, compact_encoder, limits=limits, trusted_proxies=1)
    yield opened
    opened.close()


def _ask(shop: Shop, address: str, path: str = ASK, *, key: str = "", **body: Any) -> TestResponse:
    headers = {"X-Forwarded-For": address, **({"X-API-Key": key} if key else {})}
    return shop.client().post(path, json=body or {"question": "多久发货？"}, headers=headers)


def test_an_address_gets_no_more_than_its_share_of_all_doors_together(limited: Shop) -> None:
    rasa = {"message": "多久发货？"}
    statuses = [_ask(limited, "203.0.113.9").status_code for _ in range(2)]
    statuses.append(_ask(limited, "203.0.113.9", "/webhooks/rest/webhook", **rasa).status_code)
    assert statuses == [200, 200, 200]
    refused = _ask(limited, "203.0.113.9")
    assert ": 3 " in assert_error(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    # Others, and what is not for customers, are not touched by it.
    assert _ask(limited, "203.0.113.10").status_code == 200
    elsewhere = limited.client("admin").get("/api/v1/entries", headers={"X-Forwarded-For": "203.0.113.9"})
    assert elsewhere.status_code == 200


def test_a_key_has_a_share_of_its_own_and_a_guessed_one_has_none(limited: Shop) -> None:
    key = limited.keys["ask"]
    assert [_ask(limited, f"203.0.113.{n}", key=key).status_code for n in range(6)] == [200] * 5 + [429]
    guessed = [_ask(limited, "203.0.113.50", key=f"faqbot_ask_{n}").status_code for n in range(4)]
    assert guessed == [200, 200, 200, 429]


def test_a_conversation_has_a_share_that_nobody_else_can_use_up(limited: Shop) -> None:
    body = {"question": "多久发货？", "session_id": "u1"}
    assert [_ask(limited, "203.0.113.1", **body).status_code for _ in range(3)] == [200, 200, 429]
    assert _ask(limited, "203.0.113.2", **body).status_code == 200


def test_customers_of_widgets_are_told_in_words(limited: Shop) -> None:
    said = {"messages": [{"text": "多久发货？"}], "session_id": "u2"}
    answers = [_ask(limited, "203.0.113.3", "/channels/deep-chat", **said) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].get_json() == {"error": "您问得有点快，请稍等一会儿再试。"}
    rasa = {"sender": "u3", "message": "多久发货？"}
    texts = [_ask(limited, "203.0.113.4", "/webhooks/rest/webhook", **rasa).get_json()[0]["text"] for _ in range(3)]
    assert texts == ["48 小时内发货。"] * 2 + ["您问得有点快，请稍等一会儿再试。"]


def test_only_what_this_machine_sends_itself_is_not_counted(limited: Shop) -> None:
    client = limited.client()
    assert {client.post(ASK, json={"question": "多久发货？"}).status_code for _ in range(5)} == {200}
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        statuses = {_ask(limited, address).status_code for _ in range(5)}
        assert 429 in statuses, f"{address}, as a proxy passes it on, was not counted"
    # Other headers that proxies write make nobody local, and nobody somebody else.
    passed_on = [
        client.post(ASK, json={"question": "多久发货？"}, headers={"Forwarded": f"for=198.51.100.{n}"}).status_code
        for n in range(4)
    ]
    assert passed_on == [429] * 4


@pytest.mark.parametrize(
    "spelling",
    [
        "198.51.100.1:{}",
        "[2001:db8::1]:{}",
        '"[2001:db8::1]:{}"',
        "2001:db8:1:1::{}",
        "::ffff:198.51.100.2%{}",
        "unknown{}",
        "_hidden{}",
        "1.2.3.{}00",
        "10.0.0.{}, 198.51.100.3",
        "127.0.0.1, 10.0.0.{}, 198.51.100.4:80",
    ],
)
def test_no_spelling_of_an_address_escapes_its_limit(limited: Shop, spelling: str) -> None:
    statuses = [_ask(limited, spelling.format(n + 3)).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert _ask(limited, "203.0.113.200").status_code == 200
    assert _ask(limited, "2001:db8:1:2::1").status_code == 200


def test_wrong_keys_count_for_their_address_at_every_door_and_a_right_one_still_opens(
    limited: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    def entries(key: str) -> int:
        headers = {"X-Forwarded-For": "203.0.113.60", "Authorization": f"Bearer {key}"}
        return limited.client().get("/api/v1/entries", headers=headers).status_code

    assert [entries(f"faqbot_admin_{n}") for n in range(5)] == [401, 401, 401, 429, 429]
    assert "A wrong key from 203.0.113.60 for GET /api/v1/entries" in caplog.text
    assert "faqbot_admin_" not in caplog.text
    assert _ask(limited, "203.0.113.60").status_code == 429
    assert entries(limited.keys["admin"]) == 200
    # A right key that may not do this, and none at all, are no guesses.
    assert {_ask(limited, "203.0.113.61", "/api/v1/entries", key=limited.keys["ask"]).status_code for _ in "12345"} == {
        403
    }
    assert {_ask(limited, "203.0.113.62", "/api/v1/entries").status_code for _ in "12345"} == {401}


def test_an_address_that_no_trusted_proxy_vouches_for_is_not_believed(compact_encoder: Encoder, tmp_path: Path) -> None:
    shop = open_shop(tmp_path, compact_encoder, limits={"per_address": "1/minute"})
    client = shop.client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    statuses = [
        client.post(ASK, json={"question": "多久发货？"}, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(2)
    ]
    assert statuses == [200, 429]
    shop.close()


def test_limits_can_be_taken_away_and_nonsense_is_refused() -> None:
    settings = load_settings(None, {"FAQBOT_LIMITS__PER_ADDRESS": "", "FAQBOT_LIMITS__PER_KEY": "5/second"})
    assert (settings.limits.per_address, settings.limits.per_key) == (None, "5/second")
    with pytest.raises(SettingsError, match=r"limits\.per_key.*must look like `120/minute`"):
        load_settings(None, {"FAQBOT_LIMITS__PER_KEY": "often"})


def test_a_place_for_counting_that_cannot_be_used_is_refused_at_start(compact_encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"limits\.storage"):
        open_shop(tmp_path, compact_encoder, publish=False, limits={"storage": "nowhere://"})


def test_customers_are_answered_while_nobody_can_count_them(
    compact_encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shop = open_shop(tmp_path, compact_encoder, trusted_proxies=1)

    def lost(*_: object) -> bool:
        raise StorageError(ConnectionError("Redis is gone"))

    monkeypatch.setattr(SlidingWindowCounterRateLimiter, "hit", lost)
    assert _ask(shop, "203.0.113.9").status_code == 200
    assert "Redis is gone" in caplog.text
    shop.close()


@pytest.mark.parametrize(
    ("web", "origin", "allowed"),
    [
        ({}, "https://shop.example", "*"),
        ({"ask_open": False}, "https://shop.example", None),
        ({"allowed_origins": "https://shop.example https://b.example"}, "https://b.example", "https://b.example"),
        (
            {"allowed_origins": "https://shop.example", "ask_open": False},
            "https://shop.example",
            "https://shop.example",
        ),
        ({"allowed_origins": "https://shop.example"}, "https://evil.example", None),
        ({"allowed_origins": "https://shop.example"}, "https://shop.example.evil", None),
    ],
)
def test_only_named_sites_are_let_in_by_browsers(
    compact_encoder: Encoder, tmp_path: Path, web: dict[str, Any], origin: str, allowed: str | None
) -> None:
    shop = open_shop(tmp_path, compact_encoder, publish=False, **web)
    for method in ("OPTIONS", "POST"):
        response = shop.client().open(ASK, method=method, json={"question": "a"}, headers={"Origin": origin})
        assert response.headers.get("Access-Control-Allow-Origin") == allowed
        assert (response.headers.get("Vary") == "Origin") == ("allowed_origins" in web)
    preflight = shop.client().open(ASK, method="OPTIONS", headers={"Origin": origin})
    assert ("Authorization" in preflight.headers.get("Access-Control-Allow-Headers", "")) == bool(allowed)
    shop.close()


def _from_page(shop: Shop, address: str, site: str, key: str = "") -> int:
    headers = {"X-Forwarded-For": address, "Origin": site, **({"X-API-Key": key} if key else {})}
    return shop.client().post(ASK, json={"question": "多久发货？"}, headers=headers).status_code


@pytest.fixture
def embedded(compact_encoder: Encoder, tmp_path: Path) -> Iterator[Shop]:
    opened = open_shop(
        tmp_path,
        compact_encoder,
        limits={"per_address": "3/minute", "per_key": "6/minute", "per_site": "6/minute"},
        allowed_origins="https://shop.example",
        public_url="https://faq.shop.example/",
        trusted_proxies=1,
    )
    yield opened
    opened.close()


def test_a_page_elsewhere_uses_up_its_own_share_however_many_visitors_it_has(embedded: Shop) -> None:
    elsewhere = [_from_page(embedded, f"203.0.113.{n}", f"https://page-{n}.example") for n in range(8)]
    assert elsewhere == [200] * 6 + [429] * 2
    # Our own page, the site that is named, and programs have theirs.
    for site in ("https://shop.example", "https://faq.shop.example"):
        own = [_from_page(embedded, f"203.0.113.{n}", site) for n in range(100, 108)]
        assert own == [200] * 6 + [429] * 2
        embedded.app.extensions["faqbot_limits"]._limiter.storage.reset()
    assert _ask(embedded, "203.0.113.200").status_code == 200


def test_a_visitor_uses_up_the_limit_of_nobody_else_on_the_site(embedded: Shop) -> None:
    site = "https://shop.example"
    assert [_from_page(embedded, "203.0.113.1", site) for _ in range(20)] == [200] * 3 + [429] * 17
    assert [_from_page(embedded, f"203.0.113.{n}", site) for n in range(2, 6)] == [200] * 3 + [429]


def test_a_key_that_a_page_shows_has_the_limit_of_its_site_and_each_visitor_his_own(embedded: Shop) -> None:
    site, key = "https://shop.example", embedded.keys["ask"]
    assert [_from_page(embedded, "203.0.113.1", site, key) for _ in range(5)] == [200] * 3 + [429] * 2
    assert [_from_page(embedded, f"203.0.113.{n}", site, key) for n in range(2, 7)] == [200] * 3 + [429] * 2
    # A colleague at the same address is locked out by nobody.
    assert _from_page(embedded, "203.0.113.1", site, embedded.keys["agent"]) == 200

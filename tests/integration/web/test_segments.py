"""A stranger is who the site says; without its word, everybody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

SECRET = "a secret that the site and faqbot share"
HOURS = (
    Entry("hours", "几点上班？", ("客服几点上班",), "九点", "zh"),
    Entry("hours-vip", "几点上班？", (), "全天", "zh", segments=("vip",)),
)


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """A JSON Web Token by hand (RFC 7519), as a site without a library makes it."""
    claims = {"segments": ["vip"], "exp": int(time.time()) + 600, **claims}
    content = {name: value for name, value in claims.items() if value is not None}
    signed = f"{_part({'alg': algorithm, 'typ': 'JWT'})}.{_part(content)}"
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


@pytest.fixture(scope="module")
def signing(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("signing")
    opened = open_shop(folder, compact_encoder, entries=HOURS, segment_secret=SECRET)
    yield opened
    opened.close()


def ask(shop: Shop, role: Any = None, **body: Any) -> Any:
    return shop.client(role).post("/api/v1/ask", json={"question": "几点上班？", **body})


@pytest.mark.parametrize("segment", ["vip", ["other", "vip"]])
@pytest.mark.parametrize("role", [None, "ask"])
def test_a_segment_that_a_stranger_names_is_not_heeded(signing: Shop, role: Any, segment: Any) -> None:
    reply = ask(signing, role, filters={"segment": segment, "language": "zh"})
    assert reply.get_json()["answer"] == "九点"
    assert reply.headers["X-Faqbot-Ignored"] == "filters.segment"
    assert "hours-vip" not in reply.get_data(as_text=True)


def test_staff_may_name_any_segment_and_see_why(signing: Shop) -> None:
    reply = ask(signing, "agent", filters={"segment": "vip"}, explain=True)
    assert reply.get_json()["answer"] == "全天"
    assert reply.get_json()["explanation"] is not None
    assert "X-Faqbot-Ignored" not in reply.headers


@pytest.mark.parametrize("role", [None, "ask"])
def test_an_explanation_is_for_staff(signing: Shop, role: Any) -> None:
    reply = ask(signing, role, explain=True)
    assert reply.status_code == 200
    assert reply.get_json().get("explanation") is None
    assert reply.headers["X-Faqbot-Ignored"] == "explain"
    assert "X-Faqbot-Ignored" in ask(signing, explain=True, filters={"segment": "x"}).headers


def test_the_sites_word_is_heeded(signing: Shop) -> None:
    assert ask(signing, segment_token=token()).get_json()["answer"] == "全天"
    # Beside what the visitor claims, which still counts for nothing.
    assert (
        ask(signing, segment_token=token(segments=["other"]), filters={"segment": "vip"}).get_json()["answer"] == "九点"
    )
    assert ask(signing, segment_token=token(segments=[])).get_json()["answer"] == "九点"


@pytest.mark.parametrize(
    "forged",
    [
        token(secret="another secret, which is long enough"),
        token(exp=int(time.time()) - 600),
        token(exp=None),
        token(segments=None),
        token(segments="vip"),
        token(segments=[1]),
        token(algorithm="none"),
        f"{token(algorithm='none').rpartition('.')[0]}.",
        token(algorithm="HS512"),
        token()[:-4],
        f"{_part({'alg': 'HS256'})}.{_part({'segments': ['vip'], 'exp': 9999999999})}.{token().rpartition('.')[2]}",
        "",
        "a.b.c",
        "é",
    ],
    # Times are in the tokens, and every process that tests has to give a test the same name.
    ids=lambda _token: "token",
)
def test_a_forged_or_ended_token_is_refused(signing: Shop, forged: str) -> None:
    reply = ask(signing, segment_token=forged)
    assert_error(reply, 401, "bad_signature")
    assert "全天" not in reply.get_data(as_text=True)


def test_without_a_secret_tokens_are_off(shop: Shop) -> None:
    message = assert_error(ask(shop, segment_token=token(secret="")), 401, "bad_signature")
    assert "FAQBOT_WEB__SEGMENT_SECRET" in message

"""The name by which a request calls the server is whatever its sender wants; nothing is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

EVIL = "evil.example"


@pytest.mark.parametrize(
    "path", ["/", "/demo", "/openapi.json", "/healthz", "/readyz", "/static/widget.js", "/nothing"]
)
@pytest.mark.parametrize("spelt", ["{path}", "{path}/", "/{path}", "//{path}//"])
def test_no_reply_repeats_the_host(shop: Shop, path: str, spelt: str) -> None:
    with shop.client().get(spelt.format(path=path), headers={"Host": EVIL}) as response:
        assert EVIL not in response.get_data(as_text=True)
        assert EVIL not in str(response.headers)


@pytest.mark.parametrize("path", ["/webhooks/rest", "/webhooks/rest/", "//webhooks/rest/"])
def test_a_path_is_never_mended_by_leading_elsewhere(shop: Shop, path: str) -> None:
    response = shop.client().get(path, headers={"Host": EVIL})
    assert response.status_code in (200, 404)
    assert "Location" not in response.headers


def test_only_names_that_are_allowed_are_answered(compact_encoder: Encoder, tmp_path: Path) -> None:
    opened = open_shop(tmp_path, compact_encoder, allowed_hosts="FAQ.Shop.example .internal")
    client = opened.app.test_client()
    for host in ("faq.shop.example", "faq.shop.example:443", "pod.internal"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    for host in (EVIL, "faq.shop.example.evil.example", "shop.example", "xinternal", "faq.shop.example@evil.example"):
        assert_error(client.get("/healthz", headers={"Host": host}), 400, "invalid_request")
        assert_error(client.post("/api/v1/ask", json={"question": "a"}, headers={"Host": host}), 400, "invalid_request")
    opened.close()


def test_the_demo_names_the_public_address(compact_encoder: Encoder, tmp_path: Path) -> None:
    opened = open_shop(tmp_path, compact_encoder, public_url="https://faq.shop.example/")
    html = opened.app.test_client().get("/demo", headers={"Host": EVIL}).get_data(as_text=True)
    assert "https://faq.shop.example</span>/static/widget.js" in html
    opened.close()

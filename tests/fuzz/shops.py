"""The shop that is fuzzed: every door open."""

from __future__ import annotations

from pathlib import Path

from faqbot import settings
from faqbot.encoder import Encoder
from tests.integration.web.shop import Shop, open_shop

CHANNEL_SECRETS = [name.removeprefix("channels.") for name in settings.SECRETS if name.startswith("channels.")]
SECRETS = {
    **{name: "a secret of the tests" for name in CHANNEL_SECRETS},
    "wecom_aes_key": "k" * 43,
    "wecom_corp_id": "a company of the tests",
    "lark_app_id": "an app of the tests",
}


def fuzzed_shop(folder: Path, encoder: Encoder, database_url: str | None = None) -> Shop:
    """A shop with a secret for every channel, on SQLite where no other database is named."""
    return open_shop(folder, encoder, channels=SECRETS, database_url=database_url)


def headers_of(shop: Shop, role: str) -> dict[str, str]:
    """The key of a role in both headers, so that none that is made up takes its place; nothing for `nobody`."""
    if role == "nobody":
        return {}
    key = {**shop.keys}[role]  # type: ignore[index]
    return {"X-API-Key": key, "Authorization": f"Bearer {key}"}

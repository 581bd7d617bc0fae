from __future__ import annotations

from collections.abc import Iterator

import pytest

from faqbot.encoder import Encoder
from tests.integration.channels.served import SECRETS, SERVED, Served, served
from tests.integration.web.shop import open_shop


@pytest.fixture(scope="session")
def door(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A shop that answers keys only, served on loopback for every test of the doors; they leave it as it is."""
    shop = open_shop(
        tmp_path_factory.mktemp("doors"), compact_encoder, entries=SERVED, ask_open=False, channels=SECRETS
    )
    with served(shop) as at:
        yield at
    shop.close()

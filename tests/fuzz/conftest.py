from __future__ import annotations

from collections.abc import Iterator

import pytest

from faqbot.encoder import Encoder
from tests.fuzz.shops import fuzzed_shop
from tests.integration.storage.conftest import postgres_server_url, postgres_url  # noqa: F401 - fixtures
from tests.integration.web.shop import Shop


@pytest.fixture(scope="module")
def fuzzed(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that tests of one module share and change as they like."""
    shop = fuzzed_shop(tmp_path_factory.mktemp("fuzzed"), compact_encoder)
    yield shop
    shop.close()

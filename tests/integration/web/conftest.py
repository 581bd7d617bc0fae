from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from tests.integration.web.shop import Shop, open_shop


@pytest.fixture(scope="module")
def shop(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A published shop that tests of one module share and leave as it is."""
    opened = open_shop(tmp_path_factory.mktemp("shop"), compact_encoder)
    yield opened
    opened.close()


@pytest.fixture
def own_shop(compact_encoder: Encoder, tmp_path: Path) -> Iterator[Shop]:
    """A published shop of the test's own, to be changed."""
    opened = open_shop(tmp_path, compact_encoder)
    yield opened
    opened.close()

from __future__ import annotations

import pytest

from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings
from tests.contracts.encoder import EncoderContract


@pytest.fixture(scope="module")
def bf16_encoder() -> Encoder:
    return open_encoder(EncoderSettings(model="compact", device="cpu", precision="bf16"))


class TestCompactModel(EncoderContract):
    @pytest.fixture
    def encoder(self, compact_encoder: Encoder) -> Encoder:
        return compact_encoder


class TestTinyCheckpoints(EncoderContract):
    @pytest.fixture
    def encoder(self, tiny_encoder: Encoder) -> Encoder:
        return tiny_encoder


class TestCompactModelInBf16(EncoderContract):
    # Kernels may block differently for another number of rows; on most CPUs the difference is none at all.
    tolerance = 1e-2

    @pytest.fixture
    def encoder(self, bf16_encoder: Encoder) -> Encoder:
        return bf16_encoder

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

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
    # With AVX512-BF16 the difference is none at all; other kernels may sum in another order. Padding would cost 3e-3.
    tolerance = 1e-3

    @pytest.fixture
    def encoder(self, bf16_encoder: Encoder) -> Encoder:
        return bf16_encoder


def test_a_question_does_not_wait_for_a_long_job(tiny_encoder: Encoder) -> None:
    job_began = threading.Event()
    texts = [f"refund my order {index}" for index in range(6000)]
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(tiny_encoder.encode, texts, lambda done, total: job_began.set())
        job_began.wait()
        tiny_encoder.encode(["how do i reset my password"])
        assert not job.done()

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest

from faqbot.encoder import Encoder
from faqbot.encoder.inference.linear import multiplies_int8
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings
from tests.contracts.encoder import TEXTS, EncoderContract


@pytest.fixture(scope="module")
def bf16_encoder() -> Encoder:
    return open_encoder(EncoderSettings(model="compact", device="cpu", precision="bf16"))


@pytest.fixture(scope="module")
def int8_encoder() -> Encoder:
    # A CPU without VNNI refuses int8 (`test_placement.py`); there, and only there, fp32 stands in for it.
    precision: Literal["int8", "fp32"] = "int8" if multiplies_int8() else "fp32"
    return open_encoder(EncoderSettings(model="compact", device="cpu", precision=precision))


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


class TestCompactModelInInt8(EncoderContract):
    # None here either; where a sum comes out in another order, a number may be rounded to the next of 256 steps.
    tolerance = 3e-3

    @pytest.fixture
    def encoder(self, int8_encoder: Encoder) -> Encoder:
        return int8_encoder


def test_int8_gives_nearly_the_same_vectors(compact_encoder: Encoder, int8_encoder: Encoder) -> None:
    for exact, rounded in zip(compact_encoder.encode(TEXTS), int8_encoder.encode(TEXTS), strict=True):
        assert exact.dense @ rounded.dense > 0.999
        assert (exact.multi_vector * rounded.multi_vector).sum(axis=1).mean() > 0.998


def test_a_question_does_not_wait_for_a_long_job(tiny_encoder: Encoder) -> None:
    job_began = threading.Event()
    texts = [f"refund my order {index}" for index in range(6000)]
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(tiny_encoder.encode, texts, lambda done, total: job_began.set())
        job_began.wait()
        tiny_encoder.encode(["how do i reset my password"])
        assert not job.done()

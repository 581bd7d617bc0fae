"""Our forward loop against FlagEmbedding's own `BGEM3FlagModel`: the same numbers from the same checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from faqbot.encoder import Encoder, Encoding
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings
from tests.contracts.encoder import TEXTS

TOLERANCE = 1e-4
PAIRS = [(TEXTS[0], TEXTS[1]), (TEXTS[2], TEXTS[5]), (TEXTS[3], TEXTS[0]), (TEXTS[4], TEXTS[4])]


@pytest.fixture(params=["cls", "mean"])
def pooling(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def encoder(tiny_checkpoint: Path, pooling: str) -> Encoder:
    settings = EncoderSettings(model=str(tiny_checkpoint), device="cpu", precision="fp32", pooling=pooling)
    return open_encoder(settings)


@pytest.fixture
def flag_model(encoder: Encoder, tiny_checkpoint: Path, pooling: str) -> Any:
    from FlagEmbedding import BGEM3FlagModel

    return BGEM3FlagModel(str(tiny_checkpoint), use_fp16=False, devices="cpu", pooling_method=pooling)


def test_the_three_modes_agree(encoder: Encoder, flag_model: Any) -> None:
    theirs = flag_model.encode(TEXTS, return_dense=True, return_sparse=True, return_colbert_vecs=True)
    for index, ours in enumerate(encoder.encode(TEXTS)):
        np.testing.assert_allclose(ours.dense, theirs["dense_vecs"][index], atol=TOLERANCE)
        np.testing.assert_allclose(ours.multi_vector, theirs["colbert_vecs"][index], atol=TOLERANCE)
        expected = {int(token): float(weight) for token, weight in theirs["lexical_weights"][index].items()}
        assert ours.lexical_weights == pytest.approx(expected, abs=TOLERANCE)


def test_the_five_scores_agree(encoder: Encoder, flag_model: Any) -> None:
    weights = [0.4, 0.2, 0.4]
    theirs = flag_model.compute_score(PAIRS, weights_for_different_modes=weights)
    for index, (a, b) in enumerate(PAIRS):
        for name, score in _five_scores(*encoder.encode([a, b]), weights).items():
            assert score == pytest.approx(theirs[name][index], abs=TOLERANCE), name


def _five_scores(query: Encoding, passage: Encoding, weights: list[float]) -> dict[str, float]:
    """`compute_score` in plain words; weights are of dense, sparse, colbert."""
    dense = float(query.dense @ passage.dense)
    shared = query.lexical_weights.keys() & passage.lexical_weights.keys()
    sparse = sum(query.lexical_weights[token] * passage.lexical_weights[token] for token in shared)
    colbert = float((query.multi_vector @ passage.multi_vector.T).max(axis=1).mean())
    d, s, c = weights
    return {
        "dense": dense,
        "sparse": sparse,
        "colbert": colbert,
        "sparse+dense": (s * sparse + d * dense) / (s + d),
        "colbert+sparse+dense": (c * colbert + s * sparse + d * dense) / (c + s + d),
    }


def test_the_compact_model_opens_in_flag_embedding_and_agrees(compact_encoder: Encoder) -> None:
    from FlagEmbedding import BGEM3FlagModel

    from faqbot.encoder.compact.building import INSTRUCTION, compact_folder

    folder = compact_folder(EncoderSettings().cache_dir)
    theirs = BGEM3FlagModel(str(folder), use_fp16=False, devices="cpu", pooling_method="mean").encode(
        [INSTRUCTION + text for text in TEXTS], return_dense=True, return_sparse=True, return_colbert_vecs=True
    )
    for index, ours in enumerate(compact_encoder.encode(TEXTS)):
        np.testing.assert_allclose(ours.dense, theirs["dense_vecs"][index], atol=TOLERANCE)
        np.testing.assert_allclose(ours.multi_vector, theirs["colbert_vecs"][index], atol=TOLERANCE)
        expected = {int(token): float(weight) for token, weight in theirs["lexical_weights"][index].items()}
        assert ours.lexical_weights == pytest.approx(expected, abs=TOLERANCE)

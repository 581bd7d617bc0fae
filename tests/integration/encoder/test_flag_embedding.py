"""A backbone that is not ours to run is run by FlagEmbedding, behind the same door."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings
from tests.contracts.encoder import TEXTS
from tests.integration.encoder.checkpoints import make_checkpoint


@pytest.fixture(scope="module")
def electra(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("checkpoint") / "electra", "electra")


def _open(folder: Path, precision: str = "fp32") -> Encoder:
    return open_encoder(EncoderSettings(model=str(folder), device="cpu", precision=precision))


def test_its_vectors_are_those_of_the_usual_way(electra: Path) -> None:
    from FlagEmbedding import BGEM3FlagModel

    theirs = BGEM3FlagModel(str(electra), use_fp16=False, devices="cpu").encode(
        TEXTS, return_dense=True, return_sparse=True, return_colbert_vecs=True
    )
    for index, ours in enumerate(_open(electra).encode(TEXTS)):
        np.testing.assert_allclose(ours.dense, theirs["dense_vecs"][index], atol=1e-4)
        np.testing.assert_allclose(ours.multi_vector, theirs["colbert_vecs"][index], atol=1e-4)
        expected = {int(token): float(weight) for token, weight in theirs["lexical_weights"][index].items()}
        assert ours.lexical_weights == pytest.approx(expected, abs=1e-4)


def test_half_precision_moves_them_by_little(electra: Path) -> None:
    [exact], [rounded] = _open(electra).encode(TEXTS[:1]), _open(electra, "bf16").encode(TEXTS[:1])
    assert not np.array_equal(exact.dense, rounded.dense)
    np.testing.assert_allclose(exact.dense, rounded.dense, atol=0.05)
    assert rounded.dense.dtype == np.float32

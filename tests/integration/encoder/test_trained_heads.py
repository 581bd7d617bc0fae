"""The shipped heads arrive unchanged in the model that is built, and FlagEmbedding finds them there."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from faqbot.encoder import Encoder, Encoding
from faqbot.encoder.compact.building import TRAINED_HEADS, compact_folder
from faqbot.settings import EncoderSettings

_HEADS = ("sparse_linear", "colbert_linear")


@pytest.fixture
def folder(compact_encoder: Encoder) -> Path:
    """The built compact model."""
    assert compact_encoder.info.model == "compact"
    return compact_folder(EncoderSettings().cache_dir)


def test_the_built_checkpoint_holds_the_shipped_heads(folder: Path) -> None:
    shipped = load_file(TRAINED_HEADS)
    for name in _HEADS:
        built = torch.load(folder / f"{name}.pt", weights_only=True)
        assert torch.equal(built["weight"], shipped[f"{name}.weight"].float())
        assert torch.equal(built["bias"], shipped[f"{name}.bias"].float())


def test_the_right_entry_wins_by_its_tokens_and_by_its_terms(compact_encoder: Encoder) -> None:
    question, right, wrong = compact_encoder.encode(["我的快递几天能送到", "快递一般多久可以送到", "订单可以开发票吗"])

    def colbert(wording: Encoding) -> float:
        return float((question.multi_vector @ wording.multi_vector.T).max(axis=1).mean())

    def sparse(wording: Encoding) -> float:
        theirs = wording.lexical_weights
        return sum(weight * theirs.get(token, 0.0) for token, weight in question.lexical_weights.items())

    assert colbert(right) > colbert(wrong) + 0.05
    assert sparse(right) > 2 * sparse(wrong)

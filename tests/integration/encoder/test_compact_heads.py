"""The heads in closed form, which the compact model has where nobody has trained any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from faqbot.encoder import Encoder
from faqbot.encoder.compact.building import INSTRUCTION, compact_folder
from faqbot.encoder.compact.e5_file import find_e5_file, read_e5_file
from faqbot.encoder.compact.fitted_heads import fit_heads
from faqbot.encoder.inference.backbone import load_backbone
from faqbot.settings import EncoderSettings

Weigh = Callable[[str], list[tuple[str, float]]]


@pytest.fixture(scope="module")
def weigh(compact_encoder: Encoder) -> Weigh:
    """A text's pieces after the first special one, each with its weight."""
    folder = compact_folder(EncoderSettings().cache_dir)  # There, because the compact encoder is open.
    scores = np.array([score for _, score in read_e5_file(find_e5_file()).pieces], dtype=np.float32)
    heads = fit_heads(folder, INSTRUCTION, scores)
    backbone, tokenizer = load_backbone(folder, torch.float32, "cpu"), AutoTokenizer.from_pretrained(folder)

    def weights_of(text: str) -> list[tuple[str, float]]:
        token_ids = torch.tensor([tokenizer(INSTRUCTION + text)["input_ids"]])
        with torch.inference_mode():
            hidden = backbone(token_ids, torch.ones_like(token_ids))[0]
            weights = torch.relu(hidden @ heads["sparse_linear.weight"][0] + heads["sparse_linear.bias"])
        pieces = [piece for _, piece in compact_encoder.tokens(text)]
        return list(zip(pieces, weights[1:].tolist(), strict=True))

    return weights_of


@pytest.mark.parametrize(
    ("text", "rare", "common"),
    [
        ("how do i get the refund", "refund", "the"),
        ("我的会员怎么取消", "会员", "的"),
        ("la factura de gas", "gas", "de"),
    ],
)
def test_rare_words_weigh_more_than_common_ones(weigh: Weigh, text: str, rare: str, common: str) -> None:
    weights = dict(weigh(text))
    assert weights[rare] > 1.5 * weights.get(common, 0.0)


def test_the_instruction_gets_hardly_any_weight(weigh: Weigh) -> None:
    weights = [weight for _, weight in weigh("how do i get the refund")]
    assert sum(weights[:3]) < 0.1 * sum(weights)


def test_weights_lie_where_those_of_bge_m3_do(weigh: Weigh) -> None:
    weights = [weight for _, weight in weigh("how long until the refund shows up on my credit card")]
    assert 0.15 < max(weights) < 0.4

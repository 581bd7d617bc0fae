"""The shipped heads are the ones that their record describes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from faqbot.encoder.compact.building import TRAINED_HEADS
from faqbot.encoder.compact.e5_file import SHA256

# What the product is judged on, and what may not be learned from.
_NOT_FOR_TRAINING = (
    "afqmc", "banking77", "bitcoinfaq", "clinc150", "covidq", "feiyan", "lcqmc", "medical", "stackfaq", "vaccinefaq",
    "webank",
)  # fmt: skip


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    """The training record."""
    values: dict[str, Any] = json.loads(TRAINED_HEADS.with_suffix(".json").read_text(encoding="utf-8"))
    return values


def test_the_file_is_the_one_that_the_record_names(record: dict[str, Any]) -> None:
    assert record["heads"] == {
        "file": TRAINED_HEADS.name,
        "sha256": hashlib.sha256(TRAINED_HEADS.read_bytes()).hexdigest(),
    }
    assert TRAINED_HEADS.stat().st_size < 700_000


def test_the_heads_were_trained_on_the_backbone_that_is_built(record: dict[str, Any]) -> None:
    assert record["backbone"]["sha256"] == SHA256


def test_no_set_that_the_product_is_judged_on_was_trained_on(record: dict[str, Any]) -> None:
    used = {one["set"] for one in record["data"]}
    assert used
    assert not [name for name in used if name.startswith(_NOT_FOR_TRAINING)]
    assert not used & set(record["hit_at_1"])
    assert all(one["licence"] for one in record["data"])


def test_the_heads_have_the_shapes_of_bge_m3s_and_colbert_sees_directions_only() -> None:
    heads = load_file(TRAINED_HEADS)
    assert {name: tuple(weight.shape) for name, weight in heads.items()} == {
        "sparse_linear.weight": (1, 384),
        "sparse_linear.bias": (1,),
        "colbert_linear.weight": (384, 384),
        "colbert_linear.bias": (384,),
    }
    assert [name for name, weight in heads.items() if not torch.isfinite(weight).all()] == []
    assert not heads["colbert_linear.bias"].any()

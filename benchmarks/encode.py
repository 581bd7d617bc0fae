"""Encoding, against FlagEmbedding and ONNX Runtime on the same checkpoint, and what the machine could do at most.

Sizes are vector lengths: 384 is the compact model, 1024 a model of BGE-M3's full size with random weights.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks import flag_embedding, onnx_rival
from benchmarks.checkpoints import FULL_SIZE, Model, model_of
from benchmarks.flag_embedding import open_flag_embedding
from benchmarks.machine import limits
from benchmarks.onnx_rival import open_onnx
from benchmarks.report import Row, compare, report
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings

SIZES = (384,)

_QUESTION = "我上周买的手机一直没有收到货，订单显示已经签收了，请问应该怎么办？"
_MIXED = [f"{_QUESTION[: 4 + place * 7 % 29]}{place}" for place in range(32)]
_RIVAL = "FlagEmbedding encode()"
_FORWARD = "FlagEmbedding's model, one pass in fp32"
_LIMIT = "the machine's limit: reading the matrices, or multiplying"
_SIZES = ((1, 20), (8, 10), (32, 3))
"""Texts at a time, and how often they are encoded."""


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """One question, and 8 and 32 of different lengths."""
    return [row for size in sizes for row in _at(size)]


def _at(size: int) -> list[Row]:
    with model_of({384: "compact", 1024: FULL_SIZE}[size]) as model:
        ours = open_encoder(EncoderSettings(model=model.setting, device="cpu"))
        rival = open_flag_embedding(model)

        def encode(texts: list[str]) -> Callable[[], object]:
            return lambda: ours.encode(texts)

        found = [
            compare(
                f"{size} dimensions, {count} at a time",
                _RIVAL,
                encode(_texts(count)),
                partial(flag_embedding.encode, rival, _texts(count)),
                rounds,
            )
            for count, rounds in _SIZES
        ]
        best = found[0].ours_minimum or found[0].ours
        name = f"{size} dimensions, 1 at a time"
        features = _features(rival, model, 1)
        found.append(compare(name, _FORWARD, encode(_texts(1)), lambda: _forward(rival.model, features), 10))
        onnx = open_onnx(model.folder)
        if onnx:
            for count, rounds in _SIZES:
                beside = f"{size} dimensions, {count} at a time"
                run = partial(onnx, _features(rival, model, count))
                found.append(compare(beside, onnx_rival.NAME, encode(_texts(count)), run, rounds))
        limit = round(limits().milliseconds(_weights(model.folder), features["input_ids"].numel()), 2)
        return [*found, Row(name, best, limit, _LIMIT, "ms", round(limit / best, 2))]


def _texts(count: int) -> list[str]:
    return [_QUESTION] if count == 1 else _MIXED[:count]


def _features(rival: Any, model: Model, count: int) -> dict[str, torch.Tensor]:  # noqa: ANN401  # It has no types.
    texts = [model.instruction + text for text in _texts(count)]
    inputs = rival.tokenizer(texts, padding=True, return_tensors="pt")
    return {name: inputs[name] for name in ("input_ids", "attention_mask")}


def _forward(model: torch.nn.Module, features: dict[str, torch.Tensor]) -> None:
    with torch.inference_mode():
        model(features, return_dense=True, return_sparse=True, return_colbert_vecs=True)


def _weights(folder: Path) -> int:
    """Numbers in the matrices that every token is multiplied with."""
    config = json.loads((folder / "config.json").read_text())
    width, inner, layers = (config[name] for name in ("hidden_size", "intermediate_size", "num_hidden_layers"))
    return int(layers * (4 * width * width + 2 * width * inner))


if __name__ == "__main__":
    report("Encoding", rows, SIZES, machine=lambda: asdict(limits()))

"""Encoding, against FlagEmbedding on the same checkpoint, and against what the machine could do at most.

Sizes are vector lengths: 384 is the compact model, 1024 a model of BGE-M3's full size with random weights.
"""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks.checkpoints import FULL_SIZE, Model, model_of
from benchmarks.report import Row, compare, report
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings

SIZES = (384,)

_QUESTION = "我上周买的手机一直没有收到货，订单显示已经签收了，请问应该怎么办？"
_MIXED = [f"{_QUESTION[: 4 + place * 7 % 29]}{place}" for place in range(32)]
_RIVAL = "FlagEmbedding encode()"
_FORWARD = "FlagEmbedding's model, one pass in fp32"
_FLOOR = "the machine's limit: reading the matrices, or multiplying"


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """One question, and 8 and 32 of different lengths."""
    return [row for size in sizes for row in _at(size)]


def _at(size: int) -> list[Row]:
    with model_of({384: "compact", 1024: FULL_SIZE}[size]) as model:
        ours = open_encoder(EncoderSettings(model=model.setting, device="cpu"))
        rival = _flag_embedding(model)

        def encode(texts: list[str]) -> Callable[[], object]:
            return lambda: ours.encode(texts)

        found = [
            compare(
                f"{size} dimensions, {len(texts)} at a time",
                _RIVAL,
                encode(texts),
                lambda texts=texts: rival.encode_queries(texts, batch_size=32, max_length=256),
                rounds,
            )
            for texts, rounds in (([_QUESTION], 20), (_MIXED[:8], 10), (_MIXED, 3))
        ]
        name = f"{size} dimensions, 1 at a time"
        inputs = rival.tokenizer([model.instruction + _QUESTION], return_tensors="pt")
        features = {"input_ids": inputs["input_ids"], "attention_mask": inputs["attention_mask"]}
        found.append(compare(name, _FORWARD, encode([_QUESTION]), lambda: _forward(rival.model, features), 10))
        best = found[0].ours_minimum or found[0].ours
        floor = _floor(model.folder, inputs["input_ids"].numel())
        return [*found, Row(name, best, floor, _FLOOR, "ms", round(floor / best, 2))]


def _flag_embedding(model: Model) -> Any:  # noqa: ANN401  # It has no types.
    os.environ["TQDM_DISABLE"] = "1"
    warnings.simplefilter("ignore")
    from FlagEmbedding import BGEM3FlagModel

    return BGEM3FlagModel(
        str(model.folder),
        pooling_method=model.pooling,
        use_fp16=False,
        devices="cpu",
        query_instruction_for_retrieval=model.instruction,
        return_sparse=True,
        return_colbert_vecs=True,
    )


def _forward(model: torch.nn.Module, features: dict[str, torch.Tensor]) -> None:
    with torch.inference_mode():
        model(features, return_dense=True, return_sparse=True, return_colbert_vecs=True)


def _floor(folder: Path, tokens: int) -> float:
    """Milliseconds that one question's matrix products take at least, in bf16 on this machine's CPU."""
    config = json.loads((folder / "config.json").read_text())
    width, inner, layers = (config[name] for name in ("hidden_size", "intermediate_size", "num_hidden_layers"))
    weights = layers * (4 * width * width + 2 * width * inner)
    numbers = torch.ones(150_000_000)
    per_byte = _least(numbers.sum, 5) / numbers.nbytes
    matrix = torch.ones(2048, 2048, dtype=torch.bfloat16)
    per_product = _least(lambda: matrix @ matrix, 5) / 2048**3
    return round(max(weights * 2 * per_byte, weights * tokens * per_product), 2)


def _least(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


if __name__ == "__main__":
    report("Encoding", rows, SIZES)

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from benchmarks.machine import Limits
from benchmarks.onnx_rival import open_onnx


def test_a_machine_is_limited_by_reading_where_few_rows_are_multiplied_and_by_multiplying_where_many_are() -> None:
    limits = Limits(memory_gigabytes_per_second=40.0, bf16_teraflops=0.5)
    # 100 million numbers are 0.2 GB: 5 ms. One row takes 0.2 GFLOP: 0.4 ms; twenty take 4 GFLOP: 8 ms.
    assert limits.milliseconds(weights=100_000_000, rows=1) == pytest.approx(5)
    assert limits.milliseconds(weights=100_000_000, rows=20) == pytest.approx(8)


def test_without_onnx_runtime_the_rival_is_left_out_and_the_way_to_install_it_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Fake: an environment without ONNX Runtime, whether or not this one has it.
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnxruntime" else object())
    assert open_onnx(Path("any")) is None
    assert "onnxruntime cannot be imported" in (said := capsys.readouterr().err)
    assert "pip install -e '.[benchmark]'" in said

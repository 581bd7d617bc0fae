"""What a benchmark prints; the machine is asked what it is."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks.report import Row, report


def test_json_says_what_the_machine_can_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["encode", "--json"])
    row = Row("one question", 10.0, 50.0, "the usual way", "ms", 5.0)
    report("Encoding", lambda: [row], machine=lambda: {"bf16_teraflops": 0.5})
    printed = json.loads(capsys.readouterr().out)
    assert printed["machine"]["bf16_teraflops"] == 0.5
    assert printed["rows"][0].items() >= {"name": "one question", "ours": 10.0, "rival": 50.0, "ratio": 5.0}.items()

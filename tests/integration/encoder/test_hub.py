"""Downloads, against a hub on this machine. Each runs in its own process: the hub library reads its address once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.encoder.checkpoints import make_checkpoint
from tests.integration.encoder.small_hub import SmallHub

_PULL = """
import sys
from pathlib import Path
from faqbot.encoder.catalogue import pull_model
from faqbot.errors import FaqbotError
from faqbot.settings import EncoderSettings
try:
    facts = pull_model(sys.argv[1], EncoderSettings(cache_dir=Path(sys.argv[2])), print)
    print(facts.folder)
except FaqbotError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""
_NOWHERE = "http://127.0.0.1:9"


def _pull(
    name: str, cache: Path, endpoint: str, *, program: str = _PULL, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, name, str(cache)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "HF_HOME": str(cache / "home"), "HF_ENDPOINT": endpoint, **environment},
    )


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[SmallHub]:
    whole = make_checkpoint(tmp_path / "whole", "xlm-roberta")
    for extra in ("onnx/model.onnx", "imgs/chart.jpg", "README.md", "pytorch_model.bin", "1_Pooling/config.json"):
        (whole / extra).parent.mkdir(exist_ok=True)
        (whole / extra).write_text("{}")
    headless = make_checkpoint(tmp_path / "headless", "bert")
    (headless / "sparse_linear.pt").unlink()
    with SmallHub({"someone/whole": whole, "someone/headless": headless}).running() as running:
        yield running


def test_a_model_is_downloaded_once_and_only_what_is_needed(hub: SmallHub, tmp_path: Path) -> None:
    first = _pull("someone/whole", tmp_path, hub.url)
    assert first.returncode == 0, first.stderr
    assert sorted(set(hub.downloads)) == [
        "1_Pooling/config.json",
        "colbert_linear.pt",
        "config.json",
        "model.safetensors",
        "sparse_linear.pt",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    assert first.stdout.startswith("Downloading someone/whole (once, ")
    assert first.stderr == ""

    again = _pull("someone/whole", tmp_path, _NOWHERE)
    assert again.returncode == 0, again.stderr
    assert again.stdout == first.stdout.splitlines()[-1] + "\n"


def test_a_download_tells_how_far_it_is(hub: SmallHub, tmp_path: Path) -> None:
    (tmp_path / "whole" / "notes.txt").write_bytes(b"x" * 3_000_000)
    every_time = "from faqbot.encoder.checkpoints import hub\nhub._REPORT_SECONDS = 0\n"
    pulled = _pull("someone/whole", tmp_path, hub.url, program=every_time + _PULL)
    assert pulled.returncode == 0, pulled.stderr
    told = re.findall(r"^Downloading someone/whole: (\d+) of (\d+) MB\.$", pulled.stdout, re.MULTILINE)
    arrived = [int(megabytes) for megabytes, _ in told]
    assert arrived == sorted(arrived)
    assert {int(total) for _, total in told} == {arrived[-1]}
    assert arrived[-1] >= 3
    assert pulled.stderr == ""


def test_a_model_in_the_hub_librarys_own_cache_is_found(hub: SmallHub, tmp_path: Path) -> None:
    assert _pull("someone/whole", tmp_path, hub.url).returncode == 0
    elsewhere = _pull("someone/whole", tmp_path / "other", _NOWHERE, HF_HUB_CACHE=str(tmp_path / "hub"))
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert str(tmp_path / "hub") in elsewhere.stdout


def test_a_model_without_heads_is_refused_before_anything_is_downloaded(hub: SmallHub, tmp_path: Path) -> None:
    refused = _pull("someone/headless", tmp_path, hub.url)
    assert "not in BGE-M3's layout; it lacks sparse_linear.pt" in refused.stderr
    assert hub.downloads == []


def test_a_model_that_the_hub_does_not_know_is_refused(hub: SmallHub, tmp_path: Path) -> None:
    refused = _pull("someone/else", tmp_path, hub.url)
    assert refused.stderr.startswith("ModelUnavailable: The hub knows no model 'someone/else'")


@pytest.mark.parametrize("environment", [{}, {"HF_HUB_OFFLINE": "1"}], ids=["unreachable", "offline"])
def test_without_a_hub_the_refusal_is_quick_and_one_sentence(tmp_path: Path, environment: dict[str, str]) -> None:
    started = time.monotonic()
    refused = _pull("BAAI/bge-m3", tmp_path, _NOWHERE, **environment)
    assert time.monotonic() - started < 20
    assert refused.returncode == 1
    assert refused.stderr.startswith("ModelUnavailable: Model BAAI/bge-m3 is not on this machine and the model hub")
    assert refused.stderr.count("\n") == 1


def test_what_cannot_be_pulled_says_so(tmp_path: Path) -> None:
    assert "'auto' cannot be pulled; name compact or a model on the hub" in _pull("auto", tmp_path, _NOWHERE).stderr

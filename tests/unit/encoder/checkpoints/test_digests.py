"""A kept digest is given only for a file that nothing has touched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from faqbot.encoder.checkpoints import digests as module
from faqbot.encoder.checkpoints.digests import Digests

SIZE = 2 << 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"a" * SIZE)
    return path


@pytest.fixture
def digests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Digests:
    # The files of these tests are as young as files can be.
    monkeypatch.setattr(module, "_RACY_SECONDS", 0.0)
    return Digests(tmp_path / "cache")


def _records(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "digests").glob("*"))


def test_a_large_file_is_read_once(file: Path, digests: Digests, tmp_path: Path) -> None:
    true = hashlib.sha256(b"a" * SIZE).hexdigest()
    assert digests.sha256(file) == true
    [record] = _records(tmp_path)
    kept = json.loads(record.read_text())
    assert kept["sha256"] == true
    # What is kept is what is given, so the file is not read again.
    record.write_text(json.dumps({**kept, "sha256": "kept"}))
    assert digests.sha256(file) == "kept"


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(SIZE // 2)
        file.write(b"b")


def _overwrite_and_turn_the_clock_back(path: Path) -> None:
    before = path.stat()
    _overwrite(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _copy_over(path: Path) -> None:
    other = path.with_name("other")
    shutil.copy2(path, other)
    _overwrite_and_turn_the_clock_back(other)
    shutil.copy2(other, path)


def _rename_onto(path: Path) -> None:
    other = path.with_name("other")
    shutil.copy2(path, other)
    _overwrite_and_turn_the_clock_back(other)
    os.replace(other, path)


@pytest.mark.parametrize("change", [_overwrite, _overwrite_and_turn_the_clock_back, _copy_over, _rename_onto])
def test_one_byte_in_the_middle_is_seen_however_it_came_there(
    change: Callable[[Path], None], file: Path, digests: Digests
) -> None:
    before = digests.sha256(file)
    change(file)
    assert digests.sha256(file) == hashlib.sha256(file.read_bytes()).hexdigest() != before


def test_a_touched_file_is_read_again_and_has_the_same_digest(file: Path, digests: Digests) -> None:
    before = digests.sha256(file)
    os.utime(file)
    assert digests.sha256(file) == before


def test_a_link_is_the_file_that_it_leads_to(file: Path, digests: Digests, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(file)
    before = digests.sha256(link)
    _overwrite(file)
    assert digests.sha256(link) == digests.sha256(file) != before


def test_the_digest_of_a_file_that_was_just_written_is_not_kept(file: Path, tmp_path: Path) -> None:
    assert Digests(tmp_path / "cache").sha256(file) == hashlib.sha256(b"a" * SIZE).hexdigest()
    assert _records(tmp_path) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"sha256": 5}'])
def test_a_damaged_record_is_written_again(content: str, file: Path, digests: Digests, tmp_path: Path) -> None:
    true = digests.sha256(file)
    [record] = _records(tmp_path)
    record.write_text(content)
    assert digests.sha256(file) == true
    assert json.loads(record.read_text())["sha256"] == true


def test_without_a_place_to_keep_them_digests_are_right_and_the_log_says_what_it_costs(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_RACY_SECONDS", 0.0)
    (tmp_path / "no-folder").write_text("")
    assert Digests(tmp_path / "no-folder").sha256(file) == hashlib.sha256(b"a" * SIZE).hexdigest()
    [line] = caplog.messages
    assert f"{file} is read at every start" in line

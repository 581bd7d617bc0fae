from __future__ import annotations

import sys
from pathlib import Path

import pytest

from faqbot.bootstrap import Container
from faqbot.serving import _hand_over_key
from faqbot.settings import Settings, StorageSettings


def _opened(folder: Path) -> Container:
    return Container(Settings(storage=StorageSettings(database_url=f"sqlite:///{folder}/faqbot.db")), lambda _: None)


def test_without_a_terminal_the_first_key_goes_to_a_file_of_the_owner_and_not_to_the_log(tmp_path: Path) -> None:
    container, lines = _opened(tmp_path), list[str]()
    # Left behind by somebody else, and open to all.
    (tmp_path / "admin-key").touch(mode=0o666)
    _hand_over_key(container, lines.append)
    file = tmp_path / "admin-key"
    key = file.read_text().strip()
    row = container.keys.find(key)
    assert row is not None
    assert row.role == "admin"
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in lines[0]
    assert key not in "".join(lines)
    container.storage.close()


def test_on_a_terminal_the_first_key_is_shown_and_written_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    container, lines = _opened(tmp_path), list[str]()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _hand_over_key(container, lines.append)
    assert container.keys.find(lines[0].split()[-1]) is not None
    assert not (tmp_path / "admin-key").exists()
    container.storage.close()


def test_where_the_file_cannot_be_written_no_key_is_made_and_the_command_is_named(tmp_path: Path) -> None:
    container, lines = _opened(tmp_path), list[str]()
    (tmp_path / "admin-key").mkdir()
    _hand_over_key(container, lines.append)
    assert "faqbot key create --role admin" in lines[0]
    assert not container.keys.has_admin()
    container.storage.close()

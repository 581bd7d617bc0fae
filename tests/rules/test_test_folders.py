"""The tests lie where the code lies."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(
    path.parent.relative_to(ROOT / "tests").as_posix()
    for kind in ("unit", "integration")
    for path in (ROOT / "tests" / kind).rglob("__init__.py")
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_is_named_as_a_room(folder: str) -> None:
    room = folder.partition("/")[2]
    assert any((ROOT / place / room).is_dir() for place in ("faqbot", "."))


def test_there_are_folders_to_look_at() -> None:
    assert len(FOLDERS) > 30

"""`docs/architecture.md` names files and names that are there, and leaves no room out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "faqbot"

# Paths below the package, files or rooms; and the names at which to start reading, such as `web/chat.py: ask`.
PATHS = sorted({*re.findall(r"\b(?:\w+/)*\w+\.py\b", PAGE), *re.findall(r"(?<![\w/.])(?:\w+/)+(?=[\s`])", PAGE)})
NAMES = sorted(set(re.findall(r"\b((?:\w+/)+\w+\.py): (\w+(?:\.\w+)?)", PAGE)))
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_there(path: str) -> None:
    assert (PACKAGE / path).exists()


@pytest.mark.parametrize(("path", "name"), NAMES)
def test_every_name_is_in_its_file(path: str, name: str) -> None:
    parts = name.split(".")
    body: list[ast.stmt] = ast.parse((PACKAGE / path).read_text(encoding="utf-8")).body
    for part in parts:
        [found] = [node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == part]
        body = found.body


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_named(room: str) -> None:
    assert f"{room}/" in PAGE


def test_both_ways_are_drawn_with_names() -> None:
    assert len(PATHS) > 40
    assert len(NAMES) > 25
    assert len(ROOMS) > 8

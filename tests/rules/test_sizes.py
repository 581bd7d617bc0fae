"""No file is too long to be read in one go, and no folder too full to be seen at a glance."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "faqbot").rglob("*.py"))


def test_no_file_has_more_than_300_lines() -> None:
    assert len(FILES) > 200
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {path: count for path, count in lines.items() if count > 300} == {}


def test_no_folder_has_more_than_16_modules() -> None:
    modules = Counter(str(path.parent.relative_to(ROOT)) for path in FILES if path.name != "__init__.py")
    assert {folder: count for folder, count in modules.items() if count > 16} == {}

"""Both READMEs tell the same: section by section, with the same commands, links, tables and figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "docs" / "README.zh.md"
# Comments in code blocks, questions and placeholders are in the language of the reader.
_IN_WORDS = re.compile(r'#.*|"[^"]*"')


def _sections(path: Path) -> list[str]:
    return re.split(r"(?m)^## .*$", path.read_text(encoding="utf-8"))


def _commands(section: str) -> list[str]:
    blocks = "\n".join(re.findall(r"(?s)```sh\n(.*?)```", section))
    return [" ".join(_IN_WORDS.sub("", line).split()) for line in blocks.splitlines()]


def _code(section: str) -> list[str]:
    outside = re.sub(r"(?s)```.*?```", "", section)
    return sorted(" ".join(_IN_WORDS.sub("", code).split()) for code in re.findall(r"`([^`]+)`", outside))


def _links(path: Path, section: str) -> list[Path]:
    found = re.findall(r"\]\(([^)#]+)\)", section)
    return sorted({(path.parent / link).resolve() for link in found} - {ENGLISH, CHINESE})


def _rows(section: str) -> int:
    return len(re.findall(r"(?m)^\|", section))


PAIRS = list(zip(_sections(ENGLISH), _sections(CHINESE), strict=True))


def test_the_readmes_have_a_newcomers_sections() -> None:
    # The introduction; your questions; start, check, stop; models; good; fast; read on.
    assert len(PAIRS) == 7


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=range(len(PAIRS)))
def test_each_section_has_the_same_commands_names_links_and_rows(english: str, chinese: str) -> None:
    assert _commands(chinese) == _commands(english)
    assert _code(chinese) == _code(english)
    assert _links(CHINESE, chinese) == _links(ENGLISH, english)
    assert _rows(chinese) == _rows(english)


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=range(len(PAIRS)))
def test_each_table_has_the_same_figures(english: str, chinese: str) -> None:
    figures = [re.findall(r"\d\.\d\d", "\n".join(re.findall(r"(?m)^\|.*$", part))) for part in (english, chinese)]
    assert figures[0] == figures[1]


def test_the_first_commands_are_the_two_that_everything_begins_with() -> None:
    assert _commands(PAIRS[0][0])[:2] == ["make run", "make test"]


def test_the_readme_is_read_in_ten_minutes() -> None:
    # 200 words a minute.
    assert len(ENGLISH.read_text(encoding="utf-8").split()) < 2000

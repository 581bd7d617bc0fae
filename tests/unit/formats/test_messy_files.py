"""Files as people have them, made by several programs, and what comes of each: `messy/expected.yaml` says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from faqbot.errors import FaqbotError
from faqbot.formats import Choice, Limits, ParsedFile, read_rows

FOLDER = Path(__file__).with_name("messy")
EXPECTED: dict[str, Any] = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))


def _read(name: str) -> ParsedFile:
    said = EXPECTED[name]
    return read_rows(FOLDER / name, Limits(), Choice.of(said.get("map", ()), said.get("sheets", ())))


@pytest.mark.parametrize("name", [name for name, said in EXPECTED.items() if "refused" not in said])
def test_the_right_rows_come_of_a_messy_file(name: str) -> None:
    said, parsed = EXPECTED[name], _read(name)
    assert parsed.errors == ()
    found = [[e.standard_question, e.answer, e.category, list(e.similar_questions)] for _, e in parsed.entries]
    # A row of the list leaves out what is empty at its end.
    assert found == [[*row, *["", "", "", []][len(row) :]] for row in said["rows"]]
    assert {str(loss.what) for loss in parsed.losses} >= set(said.get("lost", ()))
    for part in said.get("says", ()):
        assert any(part in note for note in parsed.notes), parsed.notes
    assert len(parsed.doubts) == said.get("doubts", 0)


@pytest.mark.parametrize("name", [name for name, said in EXPECTED.items() if "refused" in said])
def test_what_cannot_be_right_is_refused_by_its_place(name: str) -> None:
    try:
        messages = [error.message for error in _read(name).errors]
    except FaqbotError as error:
        messages = [error.message]
    assert any(EXPECTED[name]["refused"] in message for message in messages), messages


def test_every_file_is_small_and_has_its_rows() -> None:
    files = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.name != "expected.yaml"}
    assert set(files) == set(EXPECTED)
    assert len(files) >= 40
    assert max(files.values()) < 20_000


@pytest.mark.parametrize("page", ["importing.md", "importing.zh.md"])
@pytest.mark.parametrize("name", ["notes-two-tables-and-prices.xlsx", "merged-question.xlsx", "links.xlsx"])
def test_the_documents_say_what_comes_of_three_of_them(name: str, page: str) -> None:
    text = (FOLDER.parents[3] / "docs" / page).read_text(encoding="utf-8")
    assert f"**`{name}`**" in text
    shown = [[cell.strip().strip("`") for cell in line.split("|")] for line in text.splitlines()]
    for row in EXPECTED[name]["rows"]:
        assert any({row[0], row[1]} <= set(cells) for cells in shown), row

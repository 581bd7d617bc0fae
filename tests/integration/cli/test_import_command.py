"""`faqbot import` as people see it; no model is needed, because nothing is published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faqbot.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FAQBOT_STORAGE__DATABASE_URL", f"sqlite:///{tmp_path}/faqbot.db")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def test_another_programs_export_is_named_and_its_losses_are_shown(run: Run, tmp_path: Path) -> None:
    item = {"qid": "Return.1", "q": ["How do I return it?"], "a": "Use My orders.", "l": "QNA:Hook"}
    (tmp_path / "bot.json").write_text(json.dumps({"qna": [item]}))
    shown = run("import", "bot.json")
    assert shown.stdout.splitlines() == [
        "bot.json (QnABot, utf-8): 1 new, 0 changed, 0 same",
        "  left aside: field 'l' (1): the program's own logic",
    ]
    [report] = json.loads(run("import", "bot.json", "--dry-run", "--json").stdout)["files"]
    assert report["origin"] == "QnABot"
    assert report["losses"] == [{"what": "field 'l'", "count": 1, "why": "the program's own logic"}]
    assert [row["verdict"] for row in report["rows"]] == ["same"]


def test_tab_separated_files_are_read_but_not_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kb.tsv").write_text("question\tanswer\nOpen?\tYes.\n")
    assert run("import", "kb.tsv").exit_code == 0
    refused = run("export", "out.tsv")
    assert refused.exit_code == 1
    assert "write .csv or .xlsx instead" in refused.stderr
    assert not (tmp_path / "out.tsv").exists()

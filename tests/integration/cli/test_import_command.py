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


def test_a_preview_says_what_changes_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,question,similar,answer\nr,How?,In what way?,So.\n")
    (tmp_path / "b.csv").write_text("question,answer\nhow,Differently.\nNew?,Yes.\nnew,Yes.\n")
    assert run("import", "a.csv").exit_code == 0
    for _ in range(2):
        assert run("import", "b.csv", "--dry-run").stdout.splitlines() == [
            "b.csv (utf-8): 1 new, 1 changed, 0 same, 1 duplicate (dry run: nothing was written)",
            "  line 2, r: Changes question, answer.",
            "  line 4, duplicate: The row says the same as line 3 and is left out.",
        ]


def test_rows_that_contradict_each_other_are_refused_with_their_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kb.csv").write_text("question,answer\nHow?,So.\nhow,Otherwise.\n")
    refused = run("import", "kb.csv")
    assert refused.exit_code == 1
    assert "1 row cannot be imported, so nothing was imported. kb.csv, line 3, column question: The" in refused.stderr
    assert "0 entries" in run("export", "out.csv").stdout


def test_several_files_are_taken_in_turn_all_or_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,question,answer\nx,How?,So.\ny,how,Otherwise.\n")
    (tmp_path / "b.csv").write_text("id,question,answer\ny,Why?,Because.\n")
    assert "a.csv (utf-8): 2 new" in run("import", "a.csv", "b.csv", "--dry-run").stdout
    (tmp_path / "c.csv").write_text("question,answer\nhow?,Neither.\n")
    # The file alone is fine; after the first one two entries ask its question.
    refused = run("import", "a.csv", "c.csv")
    assert refused.exit_code == 1
    assert "c.csv, line 2, column question: Entries 'x', 'y' ask this question already" in refused.stderr
    assert "0 entries" in run("export", "out.csv").stdout
    assert "b.csv (utf-8): 0 new, 1 changed" in run("import", "a.csv", "b.csv").stdout
    assert "2 entries" in run("export", "out.csv").stdout


def test_a_file_without_entries_does_not_replace_everything(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kb.csv").write_text("id,question,answer\nx,How?,So.\n")
    (tmp_path / "empty.csv").write_text("id,question,answer\n")
    run("import", "kb.csv")
    refused = run("import", "empty.csv", "--replace")
    assert (refused.exit_code, "would empty the knowledge base" in refused.stderr) == (1, True)
    assert "1 entry" in run("export", "out.csv").stdout


def test_rows_that_cannot_be_published_are_told_to_be_in_the_draft(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kb.csv").write_text("id,question,similar,answer\nx,How?,,TODO or TBD\ny,Why?,,\nz,When?,,TODO\n")
    refused = run("import", "kb.csv", "--publish")
    assert refused.exit_code == 1
    assert refused.stdout == "kb.csv (utf-8): 3 new, 0 changed, 0 same\n"
    said = (
        "faqbot: The rows are in the draft, but nothing was published. "
        "4 findings stop the publication: no_answer (y); placeholder (x, z). `faqbot check` lists them.\n"
    )
    assert refused.stderr == said
    again = run("import", "kb.csv", "--publish", "--json")
    assert (again.exit_code, again.stderr) == (1, said)
    told = json.loads(again.stdout)
    assert (told["version"], told["files"][0]["applied"]) == (None, True)
    assert [row["verdict"] for row in told["files"][0]["rows"]] == ["same"] * 3


def test_a_worker_with_nothing_to_do_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # The tests' own process keeps its handler.
    monkeypatch.setattr("signal.signal", lambda *_: None)
    run("key", "create", "--role", "ask")
    assert run("worker", "--once").stdout == "0 jobs done.\n"


def test_a_file_may_be_as_large_as_the_setting_says(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"q{number},Question {number}?,{'x' * 90_000}\n" for number in range(13))
    (tmp_path / "kb.csv").write_text("id,question,answer\n" + rows)
    monkeypatch.setenv("FAQBOT_WEB__UPLOAD_MEGABYTES", "1")
    assert "kb.csv has 1.2 MB, at most 1 MB are read" in run("import", "kb.csv").stderr
    monkeypatch.setenv("FAQBOT_WEB__UPLOAD_MEGABYTES", "2")
    assert run("import", "kb.csv").exit_code == 0

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from faqbot.cli import main
from faqbot.settings import StorageSettings
from faqbot.storage import AskedQuestion, now, open_storage


def _asked(number: int, text: str) -> AskedQuestion:
    return AskedQuestion(f"r{number}", text, "fallback", "", 0.1, 1, "api", "en", "", now())


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAQBOT_STORAGE__DATABASE_URL", f"sqlite:///{tmp_path}/faqbot.db")
    monkeypatch.chdir(tmp_path)
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/faqbot.db")) as storage:
        storage.questions.add(
            [_asked(1, "Zebediah lost a parcel"), _asked(2, "100% cotton?"), _asked(3, "any")], keep=9
        )
    return tmp_path / "faqbot.db"


def test_what_is_erased_is_gone_from_every_file_and_the_rest_stays(database: Path) -> None:
    done = CliRunner().invoke(main, ["questions", "erase", "--matching", "zebediah"])
    assert (done.exit_code, done.stdout.strip()) == (0, "1 question erased.")
    for file in database.parent.glob("faqbot.db*"):
        assert b"Zebediah" not in file.read_bytes()
    listed = CliRunner().invoke(main, ["questions", "list", "--json"])
    assert [one["text"] for one in json.loads(listed.stdout)["questions"]] == ["any", "100% cotton?"]
    with sqlite3.connect(database) as connection:
        action, before = connection.execute("SELECT action, before FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    connection.close()
    assert (action, json.loads(before)) == ("question.forget", {"questions": 1})


def test_a_sign_of_patterns_stands_for_itself(database: Path) -> None:
    done = CliRunner().invoke(main, ["questions", "erase", "--matching", "%"])
    assert done.stdout.strip() == "1 question erased."


def test_an_export_is_for_its_owner_alone_and_audited(database: Path) -> None:
    (database.parent / "out.jsonl").touch(mode=0o666)
    assert CliRunner().invoke(main, ["questions", "export", "out.jsonl", "--matching", "cotton"]).exit_code == 0
    file = database.parent / "out.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["text"] for line in file.read_text().splitlines()] == ["100% cotton?"]
    audit = CliRunner().invoke(main, ["audit", "--action", "question.export", "--json"])
    assert json.loads(audit.stdout)["changes"][0]["after"] == {"questions": 1}


@pytest.mark.parametrize("options", [[], ["--all", "--matching", "x"]])
def test_erasing_needs_to_know_which(database: Path, options: list[str]) -> None:
    assert CliRunner().invoke(main, ["questions", "erase", *options]).exit_code == 2

from __future__ import annotations

import json
from pathlib import Path

from tests.integration.cli.test_commands import ROWS, Run, run

__all__ = ["run"]


def test_check_lists_findings_publishes_nothing_and_tells_by_its_exit_code(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv")
    fine = run("check")
    assert fine.exit_code == 0, fine.stderr
    assert "The draft can be published" in fine.stdout

    (tmp_path / "faq.csv").write_text(ROWS.replace("48 小时内发货", "XXX 小时内发货"), encoding="utf-8")
    run("import", "faq.csv")
    refused = run("check", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["counts"] == {"placeholder": 1}
    assert "cannot be published" in refused.stderr
    assert run("problems", "placeholder").stdout.startswith("ship\n  placeholder: The answer holds a placeholder")
    assert list(json.loads(run("problems", "--json").stdout)) == ["ship"]
    assert run("problems", "no_answer").stdout == "0 entries.\n"
    assert "placeholder (ship)" in run("publish").stderr
    assert "needs a note" in run("publish", "--override", "placeholder").stderr
    assert json.loads(run("versions", "--json").stdout) == {"versions": []}
    assert run("publish", "--override", "placeholder", "--note", "已知").exit_code == 0


def test_duplicates_compares_a_file_with_the_draft(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv")
    assert json.loads(run("duplicates", "--json").stdout) == {"pairs": []}
    (tmp_path / "new.csv").write_text("id,question,answer\nbill,发票怎么开,找客服开\n", encoding="utf-8")
    [pair] = json.loads(run("duplicates", "new.csv", "--json").stdout)["pairs"]
    assert (sorted(pair["entry_ids"]), pair["conflict"]) == (["bill", "invoice"], True)
    assert "1 pair, 1 of them with different answers" in run("duplicates", "new.csv").stdout


def test_tests_are_imported_run_against_the_draft_and_written_back(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv", "--publish")
    lines = '{"query": "我想退钱", "gold": "refund"}\n{"query": "催发货", "gold": null}\n'
    (tmp_path / "tests.jsonl").write_text(lines, encoding="utf-8")
    assert "2 test questions" in run("tests", "import", "tests.jsonl").stdout
    failed = run("tests", "run")
    assert failed.exit_code == 1
    assert "failing     催发货: expected no answer, got answer ship (1.00)" in failed.stdout
    assert "1 of 2 test questions pass" in failed.stdout
    run("tests", "export", "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == lines


def test_versions_diff_and_replay_show_what_would_change(run: Run, tmp_path: Path) -> None:
    run("key", "create", "--role", "ask")
    assert "Nothing is published" in run("versions", "diff").stderr
    run("import", "faq.csv", "--publish")
    (tmp_path / "faq.csv").write_text(ROWS.replace("48 小时内发货", "明天发货"), encoding="utf-8")
    run("import", "faq.csv")
    shown = run("versions", "diff").stdout
    assert "~ ship: answer" in shown
    assert "0 added, 0 removed, 1 changed" in shown
    assert json.loads(run("versions", "diff", "1", "1", "--json").stdout)["changed"] == []
    # Questions on the command line are tries and are not kept, so there is nothing to replay.
    run("ask", "我想退钱")
    assert "0 questions asked; the decisions on 0 would change" in run("replay", "--last", "5").stdout

"""The commands on a real database with the real model; exit codes and sentences as the README promises them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faqbot.cli import main

Run = Callable[..., Result]

ROWS = (
    "id,question,similar,answer\n"
    "refund,如何申请退款,我想退钱##不想要了能退吗,在订单页点退款\n"
    "invoice,怎么开发票,要发票##开票流程,在订单页点开发票\n"
    "ship,多久发货,什么时候发货##催发货,48 小时内发货\n"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FAQBOT_STORAGE__DATABASE_URL", f"sqlite:///{tmp_path}/faqbot.db")
    monkeypatch.setenv("FAQBOT_ENCODER__MODEL", "compact")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "faq.csv").write_text(ROWS, encoding="utf-8")

    def _run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return _run


def test_the_main_job_from_a_file_to_an_answer(run: Run, tmp_path: Path) -> None:
    done = run("import", "faq.csv", "--publish")
    assert done.exit_code == 0, done.stderr
    assert "3 new, 0 changed, 0 same" in done.stdout
    assert "version 1 (current)" in done.stdout

    reply = json.loads(run("ask", "我想退钱", "--json").stdout)
    assert (reply["verdict"], reply["entry_id"], reply["answer"]) == ("answer", "refund", "在订单页点退款")
    assert set(reply) == {
        "verdict", "answer", "entry_id", "question", "confidence", "score", "scores",
        "suggestions", "decision", "prompts", "attachments", "related", "handoff", "request_id",
    }  # fmt: skip
    explained = json.loads(run("ask", "要退款", "--explain").stdout)["explanation"]
    assert sum(explained["contributions"].values()) == pytest.approx(explained["hybrid_score"])
    assert sum(explained["learned"]["contributions"].values()) == pytest.approx(explained["learned"]["logit"], abs=1e-4)

    (tmp_path / "faq.csv").write_text(ROWS.replace("点退款", "点新的退款"), encoding="utf-8")
    assert "0 new, 1 changed, 2 same" in run("import", "faq.csv").stdout
    assert "在订单页点退款" in run("ask", "我想退钱").stdout
    assert run("publish", "--note", "新答案").exit_code == 0
    assert "点新的退款" in run("ask", "我想退钱").stdout
    assert run("rollback").exit_code == 0
    assert "在订单页点退款" in run("ask", "我想退钱").stdout
    rows = json.loads(run("versions", "--json").stdout)["versions"]
    assert [(row["number"], row["current"], row["note"]) for row in rows] == [(2, False, "新答案"), (1, True, "")]

    (tmp_path / "labelled.jsonl").write_text(
        "\n".join(
            json.dumps({"query": text, "gold": gold}, ensure_ascii=False)
            for text, gold in [("怎么把钱退给我", "refund"), ("今天天气如何", None)]
        ),
        encoding="utf-8",
    )
    calibrated = json.loads(run("calibrate", "--queries", "labelled.jsonl", "--json").stdout)
    # Two are too few to measure by.
    assert calibrated["thresholds"]["source"] == "wordings"
    assert calibrated["thresholds"]["share_source"] == "labelled"
    assert calibrated["version"]["number"] == 3


def test_the_audit_log_says_which_import_changed_what(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv")
    (tmp_path / "new.csv").write_text(ROWS.replace("48", "24"), encoding="utf-8")
    run("import", "new.csv")
    [change] = json.loads(run("audit", "--action", "entry.update", "--json").stdout)["changes"]
    assert change["actor"].startswith("cli: ")
    assert (change["subject"], change["reason"]) == ("ship", "import new.csv")
    assert (change["before"], change["after"]) == ({"answer": "48 小时内发货"}, {"answer": "24 小时内发货"})
    lines = run("audit", "--subject", "ship", "--limit", "1").stdout.splitlines()
    assert len(lines) == 1
    assert "entry.update ship (import new.csv)" in lines[0]
    refused = run("audit", "--since", "yesterday")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)


def test_a_question_may_name_its_language_and_segment(run: Run, tmp_path: Path) -> None:
    rows = (
        "id,question,answer,language,segments,attachments\n"
        "hours,几点上班,九点,zh,,https://shop.example/hours.pdf\n"
        "hours.en,When do you open,At nine,en,,\n"
        "vip,几点上班,全天,zh,vip,\n"
        "ship,多久发货,48 小时,zh,,\n"
    )
    (tmp_path / "faq.csv").write_text(rows, encoding="utf-8")
    done = run("import", "faq.csv", "--publish")
    assert done.exit_code == 0, done.stderr
    assert "九点\n  https://shop.example/hours.pdf\n" in run("ask", "几点上班").stdout
    assert "At nine" in run("ask", "几点上班", "--language", "en").stdout
    for_vip = json.loads(run("ask", "几点上班", "--segment", "vip", "--segment", "gold", "--json").stdout)
    assert (for_vip["verdict"], for_vip["entry_id"]) == ("answer", "vip")
    assert "hours" not in {one["entry_id"] for one in for_vip["suggestions"]}
    plain = json.loads(run("ask", "几点上班", "--json").stdout)
    assert plain["decision"]["excluded"] == [{"entry_id": "vip", "reason": "other_segment"}]


def test_a_backup_replaces_what_came_after_it(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv", "--publish")
    before = run("ask", "我想退钱", "--json").stdout
    done = run("backup", "backup.zip")
    assert (done.exit_code, done.stdout) == (0, "3 entries and 1 version written to backup.zip.\n")
    (tmp_path / "other.csv").write_text("question,answer\n别的问题,别的答案\n", encoding="utf-8")
    run("import", "other.csv", "--replace", "--publish")
    refused = run("restore", "backup.zip")
    assert (refused.exit_code, "--replace" in refused.stderr) == (1, True)
    restored = json.loads(run("restore", "backup.zip", "--replace", "--json").stdout)
    assert restored["tables"]["entries"]["rows"] == 3
    assert run("ask", "我想退钱", "--json").stdout == before


def test_export_and_import_again_changes_nothing(run: Run) -> None:
    run("import", "faq.csv")
    for name in ("out.csv", "out.xlsx", "out.json", "out.jsonl", "out.yaml"):
        assert run("export", name).exit_code == 0
        assert "0 new, 0 changed, 3 same" in run("import", name).stdout


def test_prune_counts_first_and_then_removes(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv", "--publish")
    published = json.loads(run("versions", "--json").stdout)["versions"][0]["wordings"]
    assert run("prune").stdout == f"0 unused vectors removed, {published} kept.\n"
    assert json.loads(run("prune", "--dry-run", "--json").stdout) == {"removed": 0, "kept": published, "dry_run": True}


def test_replace_removes_what_the_file_does_not_hold(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv")
    (tmp_path / "one.csv").write_text("id,question,answer\nrefund,如何申请退款,甲\n", encoding="utf-8")
    assert "2 removed" in run("import", "one.csv", "--replace").stdout


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bad.csv", "id,question,answer\nx,,答\n", "line 2"),
        ("double.csv", "id,question,answer\nx,问一,答\nx,问二,答\n", "line 3"),
        ("columns.csv", "titel,text\na,b\n", "question"),
        ("faq.docx", "text", ".csv, .xlsx, .json, .jsonl, .yaml"),
        ("broken.xlsx", "PK\x03\x04 no zip", "xlsx"),
        ("broken.json", "[{", "json"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_and_nothing_is_written(
    run: Run, tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    refused = run("import", name)
    assert refused.exit_code == 1
    assert sentence.lower() in refused.stderr.lower()
    assert "Traceback" not in refused.stderr
    assert "faqbot: " in refused.stderr
    assert run("export", "after.json").exit_code == 0
    assert json.loads((tmp_path / "after.json").read_text(encoding="utf-8")) == []


def test_several_files_are_all_taken_or_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,question,answer\nx,,答\n", encoding="utf-8")
    assert run("import", "faq.csv", "bad.csv").exit_code == 1
    run("export", "after.json")
    assert json.loads((tmp_path / "after.json").read_text(encoding="utf-8")) == []


def test_gb18030_files_import(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gb.csv").write_bytes(ROWS.encode("gb18030"))
    done = run("import", "gb.csv", "--dry-run")
    assert "gb18030" in done.stdout
    assert "3 new" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ask", "怎么退款"), "Nothing is published yet"),
        (("rollback",), "no version before"),
        (("import", "none.csv"), "none.csv"),
        (("publish",), "no enabled entry"),
        (("calibrate",), "Nothing is published yet"),
        (("versions", "--config", "none.yaml"), "no settings file none.yaml"),
        (("evaluate", "--kb", "faq.csv", "--queries", "none.jsonl"), "no file none.jsonl"),
        (("key", "revoke", "7"), "no key 7"),
        (("model", "pull", "nonsense"), "nonsense"),
    ],
)
def test_what_cannot_be_done_is_refused_with_exit_code_one(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    # It makes the database; what only reads would say that there is none.
    run("key", "create", "--role", "ask")
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert refused.stderr.startswith("faqbot: ")
    assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [("ask",), ("ask", "x", "--mode", "magic"), ("nonsense",), ("serve", "--port", "0")]
)
def test_wrong_usage_exits_with_two(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FAQBOT_ENCODER__MODEL", "/no/such/model", "/no/such/model"),
        ("FAQBOT_STORAGE__DATABASE_URL", "sqlite:////proc/none/faqbot.db", "/proc/none"),
        ("FAQBOT_WEB__PROT", "1", "no setting 'web.prot'"),
        ("FAQBOT_ENCODER__DEVICE", "cuda:7", "cuda:7"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    run("import", "faq.csv")
    monkeypatch.setenv(name, value)
    refused = run("publish")
    assert refused.exit_code == 1
    assert sentence in refused.stderr


def test_keys_are_shown_once_and_listed_without_the_key(run: Run) -> None:
    key = run("key", "create", "--role", "agent", "--name", "客服台").stdout.strip()
    assert key.startswith("faqbot_agent_")
    listed = run("key", "list", "--json").stdout
    assert key not in listed
    assert json.loads(listed)["keys"][0]["name"] == "客服台"
    assert run("key", "revoke", "1").exit_code == 0
    assert json.loads(run("key", "list", "--json").stdout)["keys"][0]["revoked"] is True


def test_similarity_prints_every_mode_between_zero_and_one(run: Run) -> None:
    found = json.loads(run("similarity", "怎么退款", "如何申请退款", "--json").stdout)
    assert all(0 <= found[mode] <= 1 for mode in ("dense", "sparse", "colbert", "hybrid"))
    assert set(found["raw"]) == {"dense", "sparse", "colbert", "hybrid"}


def test_evaluate_has_the_contracts_shape_and_leaves_the_database_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(
        '{"query": "想把钱退回来", "gold": "refund", "lang": "zh"}\n'
        '{"query": "讲个笑话", "gold": null, "lang": "zh"}\n',
        encoding="utf-8",
    )
    done = run("evaluate", "--kb", "faq.csv", "--queries", "q.jsonl", "--baselines", "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["queries"], found["answerable"], found["model"]) == (2, 1, "compact")
    assert set(found["modes"]) == {"dense", "sparse", "colbert", "hybrid"}
    assert {"cosine", "bm25", "exact", "flagembedding_1_1_1", "reciprocal_rank_fusion"} <= set(found["baselines"])
    metrics = {
        "hit_at_1", "hit_at_5", "mrr_at_10", "auroc", "coverage_at_90", "coverage_at_95", "coverage_at_98",
        "answered", "answered_precision", "ece",
    }  # fmt: skip
    assert set(found["faqbot"]) == set(found["baselines"]["bm25"]) == metrics
    assert 0 <= found["calibration"]["brier"] <= 1
    assert sum(row["count"] for row in found["calibration"]["reliability"]) == 2
    assert found["entries"]["refund"]["questions"] == 1
    assert not (tmp_path / "faqbot.db").exists()


def test_the_report_for_people_shows_calibration_and_entries(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"query": "想把钱退回来", "gold": "refund"}\n', encoding="utf-8")
    report = run("evaluate", "--kb", "faq.csv", "--queries", "q.jsonl").stdout
    assert "Brier score" in report
    assert "| refund | 1 | 1.000 |" in report


def test_models_are_listed_with_where_they_are(run: Run) -> None:
    listed = {facts["name"]: facts for facts in json.loads(run("model", "list", "--json").stdout)["models"]}
    assert listed["compact"]["folder"]
    assert listed["BAAI/bge-m3"]["megabytes"] == 2300
    assert json.loads(run("model", "info", "--json").stdout)["model"] == "compact"


def test_what_was_guessed_is_not_published_or_replaced_before_it_is_confirmed(run: Run, tmp_path: Path) -> None:
    run("import", "faq.csv")
    (tmp_path / "plain.csv").write_text("多久发货？,一般两天内发出\n怎么付款？,请扫码支付\n", encoding="utf-8")
    for option in ("--publish", "--replace"):
        refused = run("import", "plain.csv", option)
        assert refused.exit_code == 1
        assert "column A as the question, column B as the answer" in refused.stderr
    assert "please check: no heading says so" in run("import", "plain.csv", "--dry-run").stdout
    assert run("import", "plain.csv", "--replace", "--yes").exit_code == 0
    run("export", "out.jsonl")
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_the_columns_of_an_import_can_be_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("内部,对外\n多久发货,两天\n", encoding="utf-8")
    assert run("import", "own.csv").exit_code == 1
    done = run("import", "own.csv", "--map", "question=内部", "--map", "answer=对外", "--publish")
    assert done.exit_code == 0, done.stderr
    assert run("import", "own.csv", "--map", "price=对外").exit_code == 1


def test_good_rows_are_taken_and_the_others_are_written_beside_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("question,answer\n多久发货,两天\n,谁\n", encoding="utf-8")
    assert run("import", "own.csv").exit_code == 1
    assert run("import", "own.csv", "--skip-invalid", "--replace").exit_code == 1
    done = run("import", "own.csv", "--skip-invalid")
    assert done.exit_code == 0, done.stderr
    assert "own.rejected.csv" in done.stderr
    rejected = tmp_path / "own.rejected.csv"
    rejected.write_text(rejected.read_text(encoding="utf-8").replace(",谁,", "怎么付款,谁,"), encoding="utf-8")
    mended = run("import", "own.rejected.csv")
    assert (mended.exit_code, "1 new" in mended.stdout) == (0, True)
    run("import", "own.csv", "--skip-invalid")
    assert (tmp_path / "own.rejected-2.csv").exists()

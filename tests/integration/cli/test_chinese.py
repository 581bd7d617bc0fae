"""The command line as people with a Chinese terminal see it: the real program, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

GOOD = (
    "id,question,similar,answer,colour\n"
    "refund,如何申请退款,我想退钱##不想要了能退吗,在订单页点退款,red\n"
    "ship,多久发货,什么时候发货##催发货,48 小时内发货,\n"
)
BAD = (
    "id,question,answer,enabled\nrefund,怎么退款,七天内可退,true\n"
    "ship,多久发货,48 小时,perhaps\n,,x,true\nrefund,重复,y,true\n"
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FAQBOT_", "LC_", "LANG"))}
    environment |= {
        "FAQBOT_STORAGE__DATABASE_URL": f"sqlite:///{tmp_path}/faqbot.db",
        "FAQBOT_ENCODER__MODEL": "compact",
        "PYTHONUTF8": "1",
        "LANG": "zh_CN.UTF-8",
    }

    def _run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "faqbot", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment | more, capture_output=True, text=True, check=False
        )

    return _run


def test_the_locale_makes_help_and_wrong_usage_chinese(run: Run) -> None:
    page = run("import", "--help").stdout
    assert "导入草稿" in page
    assert "只报告结果，不做任何修改。" in page
    wrong = run("import", "none.csv", "--replace", "none.csv")
    assert (wrong.returncode, "使用 --replace 时只能给出一个文件。" in wrong.stderr) == (2, True)
    assert "Options:" in run("import", "--help", FAQBOT_LANGUAGE="en").stdout


def test_bad_rows_are_told_in_chinese_and_machines_read_english(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(BAD, encoding="utf-8")
    refused = run("import", "bad.csv")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        "faqbot: 有 3 行无法导入，因此没有导入任何内容。bad.csv，第 3 行，列 enabled：“enabled”列是 'perhaps'；"
        "请填写 true 或 false（也可以是 1 或 0、yes 或 no、是 或 否）。",
    ]
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    assert run("import", "good.csv").stdout.splitlines() == [
        "good.csv（utf-8）：新增 2 条、修改 0 条、不变 0 条",
        "  未导入：“colour”列（1）：这里没有对应的字段",
    ]
    [report] = json.loads(run("import", "good.csv", "--dry-run", "--json").stdout)["files"]
    assert report["losses"] == [{"what": "column 'colour'", "count": 1, "why": "there is no such field here"}]


def test_a_version_an_answer_and_an_error_are_told_in_chinese(run: Run, tmp_path: Path) -> None:
    nowhere = run("versions")
    assert (nowhere.returncode, nowhere.stderr.startswith("faqbot: SQLite 文件")) == (1, True), nowhere.stderr
    run("key", "create", "--role", "ask")
    assert run("versions").stdout == "尚未发布任何版本。\n"
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    published = run("import", "good.csv", "--publish")
    assert (published.returncode, published.stdout.splitlines()[-1].startswith("版本 1（当前）")) == (0, True)
    assert "已编码 6/6 条文本" in published.stderr
    assert run("ask", "我想退钱").stdout.splitlines()[0] == "[直接回答，置信度 1.00] 如何申请退款"
    refused = run("rollback", "9")
    assert (refused.returncode, refused.stderr) == (1, "faqbot: 没有版本 9；现有：1。\n")

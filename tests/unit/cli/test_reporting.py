from __future__ import annotations

import logging
import sys

import pytest

from faqbot.cli.serving_commands import _reporter


def test_where_nobody_sits_at_the_terminal_what_happens_is_a_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    monkeypatch.setattr(logging.getLogger("faqbot"), "level", logging.WARNING)
    _reporter()("Serving on 100% of 1 port")
    assert [record.getMessage() for record in caplog.records] == ["Serving on 100% of 1 port"]


def test_whoever_sits_at_the_terminal_reads_the_line_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _reporter()("Serving")
    assert caplog.records == []
    assert capsys.readouterr().err == "Serving\n"

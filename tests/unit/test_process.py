from __future__ import annotations

import logging
import sys

import pytest

from faqbot import process
from faqbot.process import LineFormatter, Sampling


def _record(message: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("faqbot", logging.WARNING, "", 0, message, values, None)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1b[2K", "\x85", "\u2028", "\u2029"])
def test_nobody_can_end_a_line_of_the_log_or_move_the_cursor(end: str) -> None:
    written = LineFormatter("%(message)s").format(_record("Request %s", f"/x{end}2031-01-01 forged"))
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
    assert "forged" in written


def test_the_text_of_an_error_begins_no_line_either() -> None:
    record = _record("It failed")
    try:
        raise ValueError("a\n2031-01-01 forged\rforged")
    except ValueError:
        record.exc_info = sys.exc_info()
    lines = LineFormatter("%(message)s").format(record).splitlines()
    assert lines[0] == "It failed"
    assert all(line.startswith("| ") for line in lines[1:])


def test_of_one_kind_twenty_lines_a_minute_are_written_and_the_others_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr(process, "monotonic", lambda: moment)
    sampling = Sampling()
    assert sum(sampling.filter(_record("Busy: %d", number)) for number in range(50)) == 20
    assert sampling.filter(_record("Something else"))
    moment = 60.0
    first = _record("Busy: %d", 7)
    assert sampling.filter(first)
    assert first.getMessage() == "Busy: 7 (and 30 more like it before)"

from __future__ import annotations

import pytest

from faqbot.cli.pace import Pace, StagePace, encoded, learned


def test_rate_and_remaining_time_count_from_the_first_step(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([100.0, 102.0, 104.0])
    pace = Pace(encoded, lambda: next(clock))
    for done in (256, 512, 20_000):
        pace(done, 20_000)
    lines = capsys.readouterr().err.splitlines()
    # 256 in 2 s are 128 a second; (20000 - 512) / 128 = 152.25 s. 19744 in 4 s are 4936 a second.
    assert lines == [
        "encoded 256 of 20000 texts",
        "encoded 512 of 20000 texts, 128 a second, about 2 min 32 s left",
        "encoded 20000 of 20000 texts, 4936 a second",
    ]


def test_long_jobs_are_told_in_hours(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 10.0])
    pace = Pace(encoded, lambda: next(clock))
    pace(10, 10_000)
    pace(20, 10_000)
    # 1 a second: 9980 s are 2 h 46 min
    assert capsys.readouterr().err.endswith("1 a second, about 2 h 46 min left\n")


def test_quick_steps_are_not_told_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 0.5, 0.9, 1.0, 1.5, 1.6])
    pace = Pace(learned, lambda: next(clock))
    for done in range(1, 7):
        pace(done, 6)
    told = [line.split(",")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == ["learned 1 of 6 parts", "learned 4 of 6 parts", "learned 6 of 6 parts"]


def test_every_stage_has_its_own_words_and_one_without_steps_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    pace = StagePace()
    for step in (("encoding", 3, 3), ("learning", 1, 4), ("checking", 0, 0), ("checking", 2, 2)):
        pace(*step)
    assert capsys.readouterr().err.splitlines() == [
        "encoded 3 of 3 texts",
        "learned 1 of 4 parts",
        "asked 2 of 2 questions",
    ]

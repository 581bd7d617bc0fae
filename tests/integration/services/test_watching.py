"""The thread that looks for newer versions survives whatever goes wrong, and the old version keeps answering."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import pytest

from faqbot.services.answering import published as published_module
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.loading import load_snapshot
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.publishing.publishing import PublishingService


def until(holds: Callable[[], bool]) -> None:
    """Wait, at most 10 s."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


@pytest.mark.parametrize("error", [KeyError("weights"), ValueError("fit again"), MemoryError()], ids=repr)
def test_a_failure_that_nobody_foresaw_is_logged_once_and_outlived(
    answering: AnswerService,
    publishing: PublishingService,
    published: PublishedKnowledge,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    rounds: list[int] = []

    def broken(_versions: object, _vectors: object, _encoder: object, number: int, **_options: object) -> Snapshot:
        rounds.append(number)
        raise error

    monkeypatch.setattr(published_module, "load_snapshot", broken)
    publishing.publish()
    with caplog.at_level(logging.WARNING):
        published.watch(0.001)
        until(lambda: len(rounds) > 20)
    assert set(rounds) == {2}
    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert published.snapshot.version == 1
    assert answering.ask("我想退钱").entry_id == "refund"
    assert published.problem is not None
    assert str(published.problem) == "Version 2 could not be loaded; the log says why."

    monkeypatch.setattr(published_module, "load_snapshot", load_snapshot)
    until(lambda: published.snapshot.version == 2)
    until(lambda: published.problem is None)
    published.stop()


def test_a_failed_request_to_learn_again_is_made_again(
    answering: AnswerService, published: PublishedKnowledge, caplog: pytest.LogCaptureFixture
) -> None:
    published.snapshot.outdated = True
    asked: list[int] = []

    def learn_again(number: int) -> None:
        asked.append(number)
        if len(asked) < 3:
            raise OSError("The disk is full.")

    published.watch(0.001, learn_again)
    until(lambda: len(asked) >= 3)
    time.sleep(0.05)
    published.stop()
    assert asked == [1, 1, 1]
    assert caplog.text.count("OSError: The disk is full.") == 1

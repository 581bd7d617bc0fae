from __future__ import annotations

import threading

import pytest

from faqbot.delivery.outbox import Outbox
from faqbot.errors import VendorFailed


def test_a_full_outbox_takes_nothing_until_a_job_is_done() -> None:
    outbox = Outbox(workers=1, most_waiting=1)
    go_on, done = threading.Event(), []
    assert outbox.accept("first", lambda: done.append(go_on.wait(10)))
    assert outbox.accept("second", lambda: done.append(True))
    assert not outbox.accept("third", lambda: done.append(False))
    go_on.set()
    outbox.close()
    assert done == [True, True]
    assert not outbox.accept("too late", lambda: None)


def test_a_job_that_fails_is_told_in_the_log_and_frees_its_place(caplog: pytest.LogCaptureFixture) -> None:
    outbox = Outbox(workers=1, most_waiting=0)

    def fail() -> None:
        raise VendorFailed("It answered 500.")

    for _ in range(3):
        while not outbox.accept("Reply to chatwoot 7", fail):
            pass
    outbox.close()
    assert "Reply to chatwoot 7: It answered 500." in caplog.text

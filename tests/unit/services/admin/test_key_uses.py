"""Strangers cannot fill the audit log, and nobody waits for a write."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from faqbot.services.admin import key_uses
from faqbot.services.admin.key_uses import KeyUses
from faqbot.storage import Change, KeyRow, KeyUse

KEY = KeyRow(3, "agent", "desk", "2026-01-01", None, None, revoked=False)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Kept:
    """Stands in for the storage: remembers what was written."""

    def __init__(self) -> None:
        self.uses: list[KeyUse] = []
        self.changes: list[Change] = []

    def note_uses(self, uses: Iterable[KeyUse]) -> None:
        self.uses += uses

    def record(self, change: Change) -> None:
        self.changes.append(change)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(key_uses, "monotonic", clock)
    return clock


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> tuple[KeyUses, Kept]:
    kept = Kept()
    noted = KeyUses(kept, kept)  # type: ignore[arg-type]
    # Its own thread sleeps through the test.
    monkeypatch.setattr(noted, "_start", lambda: None)
    return noted, kept


def test_a_key_in_steady_use_is_written_once_a_minute(noted: tuple[KeyUses, Kept], clock: Clock) -> None:
    uses, kept = noted
    for _second in range(180):
        uses.note(KEY, "203.0.113.1")
        uses._store(due=True)
        clock.now += 1
    # At 0, 60 and 120 seconds.
    assert [use.key_id for use in kept.uses] == [3, 3, 3]
    assert kept.uses[0].networks == {"203.0.113.1"}


def test_wrong_keys_all_day_long_are_some_thirty_lines(noted: tuple[KeyUses, Kept], clock: Clock) -> None:
    uses, kept = noted
    for second in range(24 * 3600):
        uses.note_refusal(f"2001:db8:{second % 5000:x}::/64")
        uses._store(due=True)
        clock.now += 1
    # At once, after 1, 3, 7, 15, 31 and 63 minutes (6 pauses), then after 60 more each: (1440 - 63) / 60 = 22.95.
    assert len(kept.changes) == 1 + 6 + 22
    uses.flush()
    assert sum(change.after["wrong_keys"] for change in kept.changes if change.after) == 24 * 3600
    hour = kept.changes[-2].after
    assert hour is not None
    assert len(hour["networks"]) == 20
    assert hour["wrong_keys"] == 3600 == sum(hour["networks"].values()) + hour["others"]


def test_a_stranger_who_pauses_gets_at_most_one_line_a_minute(noted: tuple[KeyUses, Kept], clock: Clock) -> None:
    uses, kept = noted
    for second in range(24 * 3600):
        if second % 61 == 0:
            uses.note_refusal("203.0.113.1")
        uses._store(due=True)
        clock.now += 1
    assert len(kept.changes) <= 24 * 60
    assert kept.changes[0].subject == "203.0.113.1"


def test_addresses_of_customers_are_not_kept(noted: tuple[KeyUses, Kept]) -> None:
    uses, kept = noted
    uses.note(KeyRow(4, "ask", "widget", "2026-01-01", None, None, revoked=False), "203.0.113.1")
    uses.flush()
    assert [(use.key_id, use.networks) for use in kept.uses] == [(4, frozenset())]

"""Deliveries on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from faqbot.storage import Storage
from faqbot.storage.work import deliveries


def _moved(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    """Let storage believe that it is later."""
    monkeypatch.setattr(deliveries, "datetime", _Later(timedelta(**span)))


class _Later:
    def __init__(self, span: timedelta) -> None:
        self._span = span

    def now(self, zone: object) -> datetime:
        assert zone is UTC
        return datetime.now(UTC) + self._span


def test_of_many_who_claim_a_delivery_at_once_one_gets_it(storage: Storage) -> None:
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: storage.deliveries.claim("slack", "e1", "f"), range(24)))
    assert claims.count(None) == 1
    assert {(claim.fingerprint, claim.reply) for claim in claims if claim} == {("f", None)}


def test_a_finished_delivery_is_known_with_its_reply_and_a_released_one_is_free(storage: Storage) -> None:
    assert storage.deliveries.claim("slack", "e1", "f") is None
    storage.deliveries.finish("slack", "e1", "好")
    known = storage.deliveries.claim("slack", "e1", "g")
    assert known
    assert (known.fingerprint, known.reply) == ("f", "好")
    assert storage.deliveries.claim("lark", "e1") is None
    storage.deliveries.release("lark", "e1")
    assert storage.deliveries.claim("lark", "e1") is None


def test_a_claim_whose_process_died_is_free_after_two_minutes(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.deliveries.claim("slack", "died", "f")
    storage.deliveries.claim("slack", "done", "f")
    storage.deliveries.finish("slack", "done")
    _moved(monkeypatch, minutes=1)
    assert storage.deliveries.claim("slack", "died", "f") is not None
    _moved(monkeypatch, minutes=3)
    assert storage.deliveries.claim("slack", "died", "f") is None
    assert storage.deliveries.claim("slack", "done", "f") is not None


def test_deliveries_are_forgotten_after_four_days(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.deliveries.claim("slack", "old", "f")
    storage.deliveries.finish("slack", "old")
    _moved(monkeypatch, days=3.9)
    assert storage.deliveries.claim("slack", "old", "f") is not None
    _moved(monkeypatch, days=4.1)
    assert storage.deliveries.claim("slack", "old", "f") is None


def test_an_id_of_any_length_is_one_delivery(storage: Storage) -> None:
    # So many different letters are more than an index of PostgreSQL takes, however it packs them.
    long = "".join(chr(0x4E00 + number) for number in range(5000))
    assert storage.deliveries.claim("slack", long) is None
    storage.deliveries.finish("slack", long, "reply")
    known = storage.deliveries.claim("slack", long)
    assert known is not None
    assert known.reply == "reply"
    assert storage.deliveries.claim("slack", long + "x") is None

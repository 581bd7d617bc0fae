"""Deliveries on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from faqbot.storage import Repository, deliveries


def _moved(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    """Let storage believe that it is later."""
    monkeypatch.setattr(deliveries, "datetime", _Later(timedelta(**span)))


class _Later:
    def __init__(self, span: timedelta) -> None:
        self._span = span

    def now(self, zone: object) -> datetime:
        assert zone is UTC
        return datetime.now(UTC) + self._span


def test_of_many_who_claim_a_delivery_at_once_one_gets_it(repository: Repository) -> None:
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: repository.claim_delivery("slack", "e1", "f"), range(24)))
    assert claims.count(None) == 1
    assert {(claim.fingerprint, claim.reply) for claim in claims if claim} == {("f", None)}


def test_a_finished_delivery_is_known_with_its_reply_and_a_released_one_is_free(repository: Repository) -> None:
    assert repository.claim_delivery("slack", "e1", "f") is None
    repository.finish_delivery("slack", "e1", "好")
    known = repository.claim_delivery("slack", "e1", "g")
    assert known
    assert (known.fingerprint, known.reply) == ("f", "好")
    assert repository.claim_delivery("lark", "e1") is None
    repository.release_delivery("lark", "e1")
    assert repository.claim_delivery("lark", "e1") is None


def test_a_claim_whose_process_died_is_free_after_two_minutes(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.claim_delivery("slack", "died", "f")
    repository.claim_delivery("slack", "done", "f")
    repository.finish_delivery("slack", "done")
    _moved(monkeypatch, minutes=1)
    assert repository.claim_delivery("slack", "died", "f") is not None
    _moved(monkeypatch, minutes=3)
    assert repository.claim_delivery("slack", "died", "f") is None
    assert repository.claim_delivery("slack", "done", "f") is not None


def test_deliveries_are_forgotten_after_four_days(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.claim_delivery("slack", "old", "f")
    repository.finish_delivery("slack", "old")
    _moved(monkeypatch, days=3.9)
    assert repository.claim_delivery("slack", "old", "f") is not None
    _moved(monkeypatch, days=4.1)
    assert repository.claim_delivery("slack", "old", "f") is None

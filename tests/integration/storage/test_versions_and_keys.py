from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, text

from faqbot.errors import StorageError, VersionNotFound
from faqbot.knowledge import Entry
from faqbot.storage import LabelledQuestion, Learned, Storage

REFUND = Entry(
    "refund",
    "退款？",
    ("退钱", "退款"),
    "点退款",
    "zh",
    "售后",
    ("a", "b"),
    valid_from="2026-05-01",
    valid_until="2026-06-30",
    segments=("vip",),
    prompts=("off",),
    attachments=("https://shop.example/a.pdf",),
    answer_threshold=0.0,
)
OFF = Entry("off", "off", enabled=False)
LEARNED = Learned(
    b"\x00weights",
    (LabelledQuestion("my money", frozenset({"b", "refund"})), LabelledQuestion("weather", frozenset())),
)


def publish(storage: Storage, *entries: Entry, learned: Learned | None = None) -> int:
    return storage.versions.add(entries, fingerprint="f", model="compact", note="first", learned=learned)


def test_nothing_is_published_at_first(storage: Storage) -> None:
    assert storage.versions.current() == (None, 0)
    assert storage.versions.all() == []


def test_a_version_keeps_enabled_entries_and_what_was_learned(storage: Storage) -> None:
    number = publish(storage, REFUND, OFF, learned=LEARNED)
    version = storage.versions.get(number)
    assert version.entries == (REFUND,)
    assert version.learned == LEARNED
    assert (version.fingerprint, version.model, version.note) == ("f", "compact", "first")
    assert storage.versions.current() == (number, 1)


def test_versions_are_listed_newest_first_with_their_sizes(storage: Storage) -> None:
    first = publish(storage, REFUND, OFF)
    second = publish(storage)
    rows = storage.versions.all()
    assert [(row.number, row.entries, row.wordings, row.current) for row in rows] == [
        (second, 0, 0, True),
        # "退款" repeats the standard question but for its question mark.
        (first, 1, 2, False),
    ]
    assert second == first + 1


def test_every_switch_is_seen_by_its_generation_also_back(storage: Storage) -> None:
    first, second = publish(storage, REFUND), publish(storage)
    assert storage.versions.current() == (second, 2)
    storage.versions.switch_to(first)
    assert storage.versions.current() == (first, 3)
    storage.versions.switch_to(second)
    assert storage.versions.current() == (second, 4)
    assert storage.versions.get(first).entries == (REFUND,)


def test_switching_to_a_version_that_is_not_there_changes_nothing(storage: Storage) -> None:
    first = publish(storage, REFUND)
    with pytest.raises(VersionNotFound, match="no version 99"):
        storage.versions.switch_to(99)
    with pytest.raises(VersionNotFound):
        storage.versions.get(99)
    assert storage.versions.current() == (first, 1)


def test_a_version_that_cannot_be_stored_is_not_switched_to(storage: Storage) -> None:
    with pytest.raises(StorageError):
        publish(storage, Entry("x", "\ud83d"))
    assert storage.versions.current() == (None, 0)
    assert storage.versions.all() == []


def test_a_damaged_version_is_refused(storage: Storage, database_url: str) -> None:
    number = publish(storage, REFUND)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE versions SET content = :bytes"), {"bytes": b"x\x9c garbage"})
    engine.dispose()
    with pytest.raises(StorageError, match="damaged"):
        storage.versions.get(number)


def test_a_key_is_found_by_its_hash_until_it_is_revoked(storage: Storage) -> None:
    admin = storage.keys.add("admin", "first start", "a" * 64)
    agent = storage.keys.add("agent", "desk", "b" * 64)
    assert storage.keys.find("b" * 64) == agent
    assert (agent.role, agent.name, agent.revoked) == ("agent", "desk", False)
    assert storage.keys.find("c" * 64) is None

    assert storage.keys.revoke(agent.key_id)
    assert storage.keys.find("b" * 64) is None
    assert storage.keys.all() == [admin, replace(agent, revoked=True)]
    assert not storage.keys.revoke(99)


def test_a_key_or_role_that_cannot_be_is_refused(storage: Storage) -> None:
    storage.keys.add("ask", "one", "a" * 64)
    with pytest.raises(StorageError, match="refused"):
        storage.keys.add("ask", "two", "a" * 64)
    with pytest.raises(StorageError, match="refused"):
        storage.keys.add("root", "three", "b" * 64)  # type: ignore[arg-type]
    assert len(storage.keys.all()) == 1

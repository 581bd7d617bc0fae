from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from faqbot.errors import StorageError, VersionNotFound
from faqbot.knowledge import Entry
from faqbot.storage import KeyRow, Repository

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


def publish(repository: Repository, *entries: Entry, learned: bytes | None = None) -> int:
    return repository.add_version(entries, fingerprint="f", model="compact", note="first", learned=learned)


def test_nothing_is_published_at_first(repository: Repository) -> None:
    assert repository.current_version() == (None, 0)
    assert repository.list_versions() == []


def test_a_version_keeps_enabled_entries_and_what_was_learned(repository: Repository) -> None:
    number = publish(repository, REFUND, OFF, learned=b"\x00weights")
    version = repository.get_version(number)
    assert version.entries == (REFUND,)
    assert version.learned == b"\x00weights"
    assert (version.fingerprint, version.model, version.note) == ("f", "compact", "first")
    assert repository.current_version() == (number, 1)


def test_versions_are_listed_newest_first_with_their_sizes(repository: Repository) -> None:
    first = publish(repository, REFUND, OFF)
    second = publish(repository)
    rows = repository.list_versions()
    assert [(row.number, row.entries, row.wordings, row.current) for row in rows] == [
        (second, 0, 0, True),
        # "退款" repeats the standard question but for its question mark.
        (first, 1, 2, False),
    ]
    assert second == first + 1


def test_every_switch_is_seen_by_its_generation_also_back(repository: Repository) -> None:
    first, second = publish(repository, REFUND), publish(repository)
    assert repository.current_version() == (second, 2)
    repository.set_current(first)
    assert repository.current_version() == (first, 3)
    repository.set_current(second)
    assert repository.current_version() == (second, 4)
    assert repository.get_version(first).entries == (REFUND,)


def test_switching_to_a_version_that_is_not_there_changes_nothing(repository: Repository) -> None:
    first = publish(repository, REFUND)
    with pytest.raises(VersionNotFound, match="no version 99"):
        repository.set_current(99)
    with pytest.raises(VersionNotFound):
        repository.get_version(99)
    assert repository.current_version() == (first, 1)


def test_a_version_that_cannot_be_stored_is_not_switched_to(repository: Repository) -> None:
    with pytest.raises(StorageError):
        publish(repository, Entry("x", "\ud83d"))
    assert repository.current_version() == (None, 0)
    assert repository.list_versions() == []


def test_a_damaged_version_is_refused(repository: Repository, database_url: str) -> None:
    number = publish(repository, REFUND)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE versions SET content = :bytes"), {"bytes": b"x\x9c garbage"})
    engine.dispose()
    with pytest.raises(StorageError, match="damaged"):
        repository.get_version(number)


def test_a_key_is_found_by_its_hash_until_it_is_revoked(repository: Repository) -> None:
    admin = repository.add_key("admin", "first start", "a" * 64)
    agent = repository.add_key("agent", "desk", "b" * 64)
    assert repository.find_key("b" * 64) == agent
    assert (agent.role, agent.label, agent.revoked) == ("agent", "desk", False)
    assert repository.find_key("c" * 64) is None

    assert repository.revoke_key(agent.key_id)
    assert repository.find_key("b" * 64) is None
    assert repository.list_keys() == [admin, KeyRow(agent.key_id, "agent", "desk", agent.created_at, revoked=True)]
    assert not repository.revoke_key(99)


def test_a_key_or_role_that_cannot_be_is_refused(repository: Repository) -> None:
    repository.add_key("ask", "one", "a" * 64)
    with pytest.raises(StorageError, match="refused"):
        repository.add_key("ask", "two", "a" * 64)
    with pytest.raises(StorageError, match="refused"):
        repository.add_key("root", "three", "b" * 64)  # type: ignore[arg-type]
    assert len(repository.list_keys()) == 1

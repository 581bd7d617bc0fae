from __future__ import annotations

import threading

import pytest

from faqbot.errors import EditConflict, EntryExists, StorageError
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import (
    Change,
    EntryFilter,
    LabelledQuestion,
    Storage,
    acting_as,
    current_actor,
    open_storage,
)

A = Entry("a", "qa", ("qa2",), "old", "zh", "x", ("t",))


def log(storage: Storage) -> list[tuple[str, str, object, object]]:
    return [(c.action, c.subject, c.before, c.after) for c in reversed(storage.audit.changes())]


WHOLE = {
    "id": "a",
    "question": "qa",
    "similar": ["qa2"],
    "answer": "old",
    "language": "zh",
    "category": "x",
    "tags": ["t"],
}


def test_an_entrys_life_is_written_down_with_what_differs(storage: Storage) -> None:
    storage.draft.create(A)
    storage.draft.update(Entry("a", "qa", ("qa2",), "new", "zh", "x", ("t",), enabled=False), expected_revision=1)
    storage.draft.delete("a")
    assert log(storage) == [
        ("entry.create", "a", None, WHOLE),
        ("entry.update", "a", {"answer": "old", "enabled": True}, {"answer": "new", "enabled": False}),
        ("entry.delete", "a", {**WHOLE, "answer": "new", "enabled": False}, None),
    ]


def test_an_import_and_a_bulk_change_name_every_entry_they_change_and_no_other(storage: Storage) -> None:
    storage.draft.create(A)
    storage.draft.apply(put=[A, Entry("b", "qb")], delete=["gone"], reason="import faq.csv")
    storage.draft.change_many(EntryFilter(language="zh"), {"category": "y"})
    storage.draft.change_many({"b": None}, None)
    changes = [(c.action, c.subject, c.reason) for c in reversed(storage.audit.changes())]
    assert changes == [
        ("entry.create", "a", ""),
        ("entry.create", "b", "import faq.csv"),
        ("entry.update", "a", "bulk change"),
        ("entry.delete", "b", "bulk change"),
    ]


def test_versions_keys_and_labels_are_written_down_too(storage: Storage) -> None:
    first = storage.versions.add([A], fingerprint="f", model="compact", note="n")
    second = storage.versions.add([A], fingerprint="f", model="compact")
    storage.versions.switch_to(first)
    key = storage.keys.add("agent", "desk", "0" * 64)
    storage.keys.revoke(key.key_id)
    storage.keys.revoke(99)
    storage.labels.put(LabelledQuestion("怎么退", frozenset({"a"})))
    storage.labels.put(LabelledQuestion("怎么退？", frozenset()))
    storage.labels.delete("怎么退")
    size = {"entries": 1, "wordings": 2, "model": "compact"}
    assert log(storage) == [
        ("version.publish", str(first), None, {"version": first, **size, "note": "n"}),
        ("version.publish", str(second), {"version": first}, {"version": second, **size, "note": ""}),
        ("version.rollback", str(first), {"version": second}, {"version": first}),
        ("key.create", str(key.key_id), None, {"role": "agent", "name": "desk", "expires_at": None}),
        ("key.revoke", str(key.key_id), {"role": "agent", "name": "desk"}, None),
        ("label.put", "怎么退", None, {"entry_ids": ["a"]}),
        ("label.put", "怎么退？", {"entry_ids": ["a"]}, {"entry_ids": []}),
        ("label.delete", "怎么退", None, None),
    ]
    assert "0" * 64 not in str(log(storage))


def test_a_publication_against_a_check_says_so(storage: Storage) -> None:
    overrides = [{"code": "duplicate_wording", "note": "wanted"}]
    storage.versions.add([A], fingerprint="f", model="m", checks={"counts": {}, "overrides": overrides})
    [change] = storage.audit.changes(action="version.publish")
    assert change.after is not None
    assert change.after["overrides"] == overrides


def test_a_change_that_fails_leaves_no_line(storage: Storage) -> None:
    storage.draft.create(A)
    with pytest.raises(EntryExists):
        storage.draft.create(A)
    with pytest.raises(EditConflict):
        storage.draft.update(Entry("a", "mine"), expected_revision=7)
    with pytest.raises(StorageError):
        storage.draft.apply(put=[Entry("b", "fine"), Entry("c", "half: \ud83d")])
    assert len(log(storage)) == 1


def test_only_the_last_changes_are_kept_and_their_numbers_go_on(settings: StorageSettings) -> None:
    with open_storage(settings.model_copy(update={"keep_changes": 3})) as storage:
        for number in range(5):
            storage.audit.record(Change("test.step", str(number)))
        kept = [(change.number, change.subject) for change in storage.audit.changes()]
        assert kept == [(5, "4"), (4, "3"), (3, "2")]
    with open_storage(settings.model_copy(update={"keep_changes": 0})) as storage:
        storage.draft.create(A)
        assert len(storage.audit.changes()) == 3


def test_changes_are_found_by_who_what_when_and_page_by_page(storage: Storage) -> None:
    with acting_as("key 3: Li Na"):
        storage.draft.create(A)
        actor = current_actor()
    with acting_as("key 33"):
        storage.draft.create(Entry("b", "qb"))
    thread = threading.Thread(target=lambda: storage.draft.create(Entry("c", "qc")))
    thread.start()
    thread.join()
    found = storage.audit.changes
    assert (actor, current_actor()) == ("key 3: Li Na", "faqbot")
    assert [c.subject for c in found(actor="key 3")] == ["a"]
    assert [c.subject for c in found(actor="key 3: Li Na")] == ["a"]
    # A thread of its own has nobody's name.
    assert [c.subject for c in found(actor="faqbot")] == ["c"]
    assert [c.subject for c in found(action="entry")] == ["c", "b", "a"]
    assert found(action="ent") == []
    assert [c.subject for c in found(subject="b")] == ["b"]
    middle = found(subject="b")[0].at
    assert [c.subject for c in found(since=middle)] == ["c", "b"]
    assert [c.subject for c in found(until=middle)] == ["a"]
    first = found(limit=2)
    assert [c.subject for c in found(limit=2, after=first[-1].number)] == ["a"]

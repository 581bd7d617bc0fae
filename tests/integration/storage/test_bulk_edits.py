from __future__ import annotations

import threading

import pytest

from faqbot.errors import EditConflict, EntryNotFound
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import EVERY_ENTRY, BulkResult, EntryFilter, Storage, open_storage

ENTRIES = [
    Entry("a", "qa", ("qa2",), "aa", category="x", tags=("t",)),
    Entry("b", "qb", (), "ab", category="x"),
    Entry("c", "qc", (), "ac", category="y"),
]


@pytest.fixture
def filled(storage: Storage) -> Storage:
    storage.draft.apply(put=ENTRIES)
    return storage


def revisions(storage: Storage) -> dict[str, int]:
    return storage.draft.revisions()


def test_only_the_named_fields_change_and_only_what_is_not_so_already_counts(filled: Storage) -> None:
    done = filled.draft.change_many(EntryFilter(category="x"), {"tags": ("t",), "segments": ()})
    assert done == BulkResult(chosen=2, changed=1)
    assert filled.draft.entries() == [ENTRIES[0], Entry("b", "qb", (), "ab", category="x", tags=("t",)), ENTRIES[2]]
    assert revisions(filled) == {"a": 1, "b": 2, "c": 1}


def test_many_entries_are_removed_by_id_or_by_filter(filled: Storage) -> None:
    assert filled.draft.change_many({"a": None, "c": 1}, None) == BulkResult(2, 2)
    assert [entry.entry_id for entry in filled.draft.entries()] == ["b"]
    assert filled.draft.change_many(EVERY_ENTRY, None) == BulkResult(1, 1)
    assert filled.draft.count() == 0


def test_one_wrong_id_revision_or_count_and_nothing_is_done(filled: Storage) -> None:
    with pytest.raises(EntryNotFound, match="'gone'") as missing:
        filled.draft.change_many({"a": None, "gone": None, "none": 1}, {"enabled": False})
    assert missing.value.details == [{"entry_id": "gone"}, {"entry_id": "none"}]
    with pytest.raises(EditConflict, match="'b'") as conflict:
        filled.draft.change_many({"a": 1, "b": 2}, {"enabled": False})
    assert conflict.value.details == [{"entry_id": "b", "revision": 1}]
    with pytest.raises(EditConflict, match="2 entries, not 3"):
        filled.draft.change_many(EntryFilter(category="x"), None, expected=3)
    assert filled.draft.entries() == ENTRIES
    assert filled.draft.change_many(EntryFilter(category="x"), {"enabled": False}, expected=2).changed == 2


def test_more_entries_than_one_statement_can_name_change_at_once(storage: Storage) -> None:
    storage.draft.apply(put=[Entry(f"{number:04}", f"q{number}") for number in range(1200)])
    every = {f"{number:04}": 1 for number in range(1200)}
    assert storage.draft.change_many(dict(every), {"category": "c"}) == BulkResult(1200, 1200)
    assert {entry.category for entry in storage.draft.entries()} == {"c"}


def test_two_admins_at_once_lose_no_field(settings: StorageSettings, filled: Storage) -> None:
    start = threading.Barrier(2)

    def change(field: str) -> None:
        with open_storage(settings, migrate=False) as own:
            start.wait()
            for number in range(10):
                own.draft.change_many(EVERY_ENTRY, {field: f"{number}"})

    threads = [threading.Thread(target=change, args=(field,)) for field in ("category", "language")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {(entry.category, entry.language) for entry in filled.draft.entries()} == {("9", "9")}
    # 1 of the import, and each of the 20 changes.
    assert set(revisions(filled).values()) == {21}

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from faqbot.errors import EditConflict, EntryExists, EntryNotFound, StorageError
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import EntryFilter, Storage, open_storage

REFUND = Entry(
    entry_id="refund",
    standard_question="如何申请退款？",
    similar_questions=("我不想买了,能退吗?", "Can I get my MONEY back?", "我不想买了,能退吗?"),
    answer="在「我的订单」里点**退款**，100% 原路退回。",
    language="zh",
    category="退款",
    tags=("售后", "VIP", 'a"b'),
    enabled=True,
    valid_from="2026-05-01",
    valid_until="2026-06-30T18:00+08:00",
    segments=("vip", "企业微信"),
    prompts=("shipping", "refund.en"),
    attachments=("https://shop.example/退款.pdf",),
    answer_threshold=0.0,
)
SHIPPING = Entry("shipping", "When does it ship?", answer="Straße 5, within 24h", language="en", category="Shipping")
HIDDEN = Entry("hidden", "还没写完", language="zh", tags=("vip",), enabled=False)


def ids(entries: list[Entry]) -> list[str]:
    return [entry.entry_id for entry in entries]


def test_an_entry_comes_back_exactly_as_it_was_put(storage: Storage) -> None:
    storage.draft.create(REFUND)
    stored = storage.draft.get("refund")
    assert stored.entry == REFUND
    assert stored.revision == 1


def test_creating_an_id_twice_is_refused_and_keeps_the_first(storage: Storage) -> None:
    storage.draft.create(REFUND)
    with pytest.raises(EntryExists, match="'refund' already"):
        storage.draft.create(Entry("refund", "Another one"))
    assert storage.draft.entries() == [REFUND]


def test_an_update_replaces_wordings_and_counts_the_revision(storage: Storage) -> None:
    storage.draft.create(REFUND)
    shorter = Entry("refund", "怎么退款")
    changed = storage.draft.update(shorter, expected_revision=1)
    assert changed.revision == 2
    assert storage.draft.get("refund") == changed
    assert changed.entry == shorter


def test_an_update_of_a_stale_revision_is_a_conflict_and_changes_nothing(storage: Storage) -> None:
    storage.draft.create(REFUND)
    storage.draft.update(REFUND, expected_revision=None)
    with pytest.raises(EditConflict, match="changed by somebody else"):
        storage.draft.update(Entry("refund", "mine"), expected_revision=1)
    with pytest.raises(EditConflict):
        storage.draft.delete("refund", expected_revision=1)
    assert storage.draft.get("refund").entry == REFUND


def test_what_is_not_there_is_named(storage: Storage) -> None:
    absent = Entry("absent", "?")
    calls: list[Callable[[], object]] = [
        lambda: storage.draft.get("absent"),
        lambda: storage.draft.update(absent, expected_revision=None),
        lambda: storage.draft.update(absent, expected_revision=3),
        lambda: storage.draft.delete("absent"),
    ]
    for call in calls:
        with pytest.raises(EntryNotFound, match="no entry 'absent'"):
            call()


def test_deleting_takes_the_wordings_along(storage: Storage) -> None:
    storage.draft.create(REFUND)
    storage.draft.delete("refund", expected_revision=1)
    assert storage.draft.count() == 0
    # The wordings' keys would collide if they were still there.
    storage.draft.create(REFUND)
    assert storage.draft.entries() == [REFUND]


def test_filters_pick_exactly_what_they_name(storage: Storage) -> None:
    storage.draft.apply(put=[REFUND, SHIPPING, HIDDEN])

    def found(**common: Any) -> list[Entry]:
        entries = storage.draft.entries(EntryFilter(**common))
        assert storage.draft.count(EntryFilter(**common)) == len(entries)
        return entries

    assert ids(found()) == ["hidden", "refund", "shipping"]
    assert ids(found(text="money")) == ["refund"], "a similar question, in another case"
    assert ids(found(text="ＳＨＩＰ")) == ["shipping"], "full width"
    assert ids(found(text="STRASSE")) == ["shipping"], "the answer, case folded beyond ASCII"
    assert ids(found(text="100%")) == ["refund"]
    assert ids(found(text="_")) == [], "no wildcard"
    assert ids(found(text="%")) == ["refund"], "no wildcard"
    assert ids(found(text="  ")) == ["hidden", "refund", "shipping"]
    assert ids(found(category="退款")) == ["refund"]
    assert ids(found(language="zh")) == ["hidden", "refund"]
    assert ids(found(tag="VIP")) == ["refund"]
    assert ids(found(tag="vip")) == ["hidden"]
    assert ids(found(tag="售")) == []
    assert ids(found(tag='a"b')) == ["refund"]
    assert ids(found(enabled=True, language="zh")) == ["refund"]
    assert ids(found(enabled=False)) == ["hidden"]
    assert ids(found(segment="vip")) == ["refund"]
    assert ids(found(segment="VIP")) == []


def test_entries_outside_their_dates_are_told_apart(storage: Storage) -> None:
    dated = [Entry("over", "q", valid_until="2020-01-01"), Entry("ahead", "q", valid_from="9000-01-01T00:00+08:00")]
    storage.draft.apply(put=[SHIPPING, *dated, Entry("now", "q", valid_from="2020-01-01", valid_until="9999-12-31")])
    assert ids(storage.draft.entries(EntryFilter(valid=True))) == ["now", "shipping"]
    assert ids(storage.draft.entries(EntryFilter(valid=False))) == ["ahead", "over"]


def test_pages_follow_each_other_in_the_order_of_code_points(storage: Storage) -> None:
    names = ["Z", "a", "a-1", "a.en", "a_b", "B", "é", "退款", "10", "9"]
    storage.draft.apply(put=[Entry(name, "question") for name in names])
    pages: list[str] = []
    after = None
    while page := storage.draft.entries(after=after, limit=3):
        assert len(page) <= 3
        pages += ids(page)
        after = pages[-1]
    assert pages == sorted(names)


def test_apply_puts_and_deletes_at_once(storage: Storage) -> None:
    storage.draft.apply(put=[REFUND, HIDDEN])
    storage.draft.apply(put=[SHIPPING, Entry("refund", "new"), Entry("refund", "newest")], delete=["hidden", "unknown"])
    assert storage.draft.entries() == [Entry("refund", "newest"), SHIPPING]
    assert storage.draft.get("refund").revision == 2
    assert storage.draft.get("shipping").revision == 1


def test_apply_of_nothing_is_harmless(storage: Storage) -> None:
    storage.draft.apply()
    assert storage.draft.count() == 0


def test_an_error_on_the_last_row_leaves_nothing_behind(storage: Storage) -> None:
    storage.draft.create(SHIPPING)
    broken = Entry("z-broken", "half a character: \ud83d")
    with pytest.raises(StorageError, match="surrogate"):
        storage.draft.apply(put=[REFUND, broken], delete=["shipping"])
    with pytest.raises(StorageError):
        storage.draft.create(Entry("ok", "fine", similar_questions=("\ud83d",)))
    assert storage.draft.entries() == [SHIPPING]


def test_of_two_admins_editing_the_same_revision_one_wins(settings: StorageSettings, storage: Storage) -> None:
    storage.draft.create(SHIPPING)
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def edit(name: str) -> None:
        with open_storage(settings, migrate=False) as own:
            start.wait()
            try:
                own.draft.update(Entry("shipping", name), expected_revision=1)
                outcomes.append(name)
            except EditConflict:
                outcomes.append("conflict")

    run_together([partial(edit, f"admin {n}") for n in range(4)])
    assert sorted(outcomes)[1:] == ["conflict"] * 3
    assert storage.draft.get("shipping").entry.standard_question == min(outcomes)


def test_many_writers_lose_no_write(settings: StorageSettings, storage: Storage) -> None:
    def write(writer: int) -> None:
        with open_storage(settings, migrate=False) as own:
            for n in range(10):
                own.draft.create(Entry(f"{writer}-{n}", "question"))
                shared = [Entry(f"shared-{s:02}", f"{writer}") for s in range(40)]
                own.draft.apply(put=shared if writer % 2 else shared[::-1])

    run_together([partial(write, n) for n in range(4)])
    assert storage.draft.count() == 80
    assert storage.draft.get("shared-00").revision == 40
    assert storage.draft.get("shared-39").revision == 40


def run_together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)

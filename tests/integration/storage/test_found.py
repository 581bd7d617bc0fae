from __future__ import annotations

from dataclasses import replace

from faqbot.knowledge import Entry
from faqbot.storage import EntryFilter, KeptFinding, Storage

REFUND = Entry("refund", "如何退款？", (), "在订单页。")
SHIP = Entry("ship", "多久发货？", (), "两天。")
PAIR = KeptFinding("conflicting_answers", {"refund": 1, "ship": 1}, ("如何退款？", "多久发货？"))
ALONE = KeptFinding("outlier_wording", {"ship": 1}, ("多久发货？",))


def test_a_finding_counts_until_one_of_its_entries_changes_or_goes(storage: Storage) -> None:
    storage.draft.apply(put=[REFUND, SHIP])
    storage.findings.replace([PAIR, ALONE])
    assert storage.findings.all() == [PAIR, ALONE]
    storage.draft.apply(put=[replace(REFUND, answer="在首页。")])
    assert storage.findings.all() == [ALONE]
    storage.draft.apply(delete=["ship"])
    assert storage.findings.all() == []


def test_every_change_of_the_draft_and_every_check_is_another_state(storage: Storage) -> None:
    states = {storage.findings.draft_state()}
    for change in (
        lambda: storage.draft.apply(put=[REFUND, SHIP]),
        lambda: storage.draft.apply(put=[replace(SHIP, category="物流")]),
        lambda: storage.draft.apply(delete=["ship"]),
        lambda: storage.findings.replace([ALONE]),
        lambda: storage.findings.replace([ALONE]),
        lambda: storage.findings.replace([]),
    ):
        change()
        states.add(storage.findings.draft_state())
    # The last one is what it was before the first finding.
    assert len(states) == 6


def test_any_number_of_ids_fits_into_a_filter(storage: Storage) -> None:
    storage.draft.apply(put=[REFUND, SHIP])
    # A statement of SQLite holds 32,766 values, one of PostgreSQL 65,535.
    ids = ["ship", 'quo"te', *(f"q{number}" for number in range(70_000))]
    assert [entry.entry_id for entry in storage.draft.entries(EntryFilter(ids=ids))] == ["ship"]
    assert storage.draft.count(EntryFilter(ids=[])) == 0

from __future__ import annotations

from dataclasses import replace

from faqbot.knowledge import Entry
from faqbot.storage import EntryFilter, KeptFinding, Repository

REFUND = Entry("refund", "如何退款？", (), "在订单页。")
SHIP = Entry("ship", "多久发货？", (), "两天。")
PAIR = KeptFinding("conflicting_answers", {"refund": 1, "ship": 1}, ("如何退款？", "多久发货？"))
ALONE = KeptFinding("outlier_wording", {"ship": 1}, ("多久发货？",))


def test_a_finding_counts_until_one_of_its_entries_changes_or_goes(repository: Repository) -> None:
    repository.apply(put=[REFUND, SHIP])
    repository.replace_findings([PAIR, ALONE])
    assert repository.list_findings() == [PAIR, ALONE]
    repository.apply(put=[replace(REFUND, answer="在首页。")])
    assert repository.list_findings() == [ALONE]
    repository.apply(delete=["ship"])
    assert repository.list_findings() == []


def test_every_change_of_the_draft_and_every_check_is_another_state(repository: Repository) -> None:
    states = {repository.draft_state()}
    for change in (
        lambda: repository.apply(put=[REFUND, SHIP]),
        lambda: repository.apply(put=[replace(SHIP, category="物流")]),
        lambda: repository.apply(delete=["ship"]),
        lambda: repository.replace_findings([ALONE]),
        lambda: repository.replace_findings([ALONE]),
        lambda: repository.replace_findings([]),
    ):
        change()
        states.add(repository.draft_state())
    # The last one is what it was before the first finding.
    assert len(states) == 6


def test_any_number_of_ids_fits_into_a_filter(repository: Repository) -> None:
    repository.apply(put=[REFUND, SHIP])
    # A statement of SQLite holds 32,766 values, one of PostgreSQL 65,535.
    ids = ["ship", 'quo"te', *(f"q{number}" for number in range(70_000))]
    assert [entry.entry_id for entry in repository.list_entries(EntryFilter(ids=ids))] == ["ship"]
    assert repository.count_entries(EntryFilter(ids=[])) == 0

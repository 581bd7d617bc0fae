from __future__ import annotations

from faqbot.formats import derived_id, read_bytes
from faqbot.knowledge import Entry
from faqbot.services.draft.import_plan import ImportPlan, plan_import

REFUND = Entry("refund", "如何申请退款？", ("我想退钱",), "在订单页。", "zh", "退款", ("售后",))
REFUND_EN = Entry("refund.en", "How do I get a refund?", (), "On the order page.", "en")
DRAFT = (REFUND, REFUND_EN)


def plan(text: str, draft: tuple[Entry, ...] = DRAFT, *, replace_all: bool = False) -> ImportPlan:
    return plan_import(read_bytes(text.encode(), "kb.csv"), draft, replace_all=replace_all)


def verdicts(found: ImportPlan) -> list[tuple[int, str, str]]:
    return [(row.line, row.verdict, row.entry_id) for row in found.rows]


def test_a_row_without_an_id_changes_the_entry_that_asks_its_question() -> None:
    found = plan("question,answer\n如何申请退款,新的答案\n多久发货,两天\n")
    assert verdicts(found) == [(2, "changed", "refund"), (3, "new", derived_id("多久发货"))]
    assert found.rows[0].message == "Changes question, answer."


def test_columns_that_a_file_does_not_state_stay_as_they_are() -> None:
    found = plan("id,question,answer\nrefund,如何申请退款？,新的答案\n")
    [changed] = found.put
    assert (changed.answer, changed.similar_questions, changed.tags) == ("新的答案", ("我想退钱",), ("售后",))
    emptied = plan("id,question,similar,answer\nrefund,如何申请退款？,,在订单页。\n")
    assert emptied.rows[0].message == "Changes similar."
    assert emptied.put[0].similar_questions == ()


def test_a_file_that_replaces_the_draft_empties_what_it_does_not_state_and_removes_the_rest() -> None:
    found = plan("question,answer\n如何申请退款？,在订单页。\n", replace_all=True)
    assert found.put == (Entry("refund", "如何申请退款？", answer="在订单页。"),)
    assert found.delete == ("refund.en",)


def test_the_same_file_twice_changes_nothing_the_second_time() -> None:
    text = "id,question,answer\n,如何申请退款？,新\nship,多久发货,两天\n,怎么付款,扫码\n"
    first = plan(text)
    after = {entry.entry_id: entry for entry in DRAFT} | {entry.entry_id: entry for entry in first.put}
    second = plan(text, tuple(after.values()))
    assert [row.verdict for row in second.rows] == ["same"] * 3
    assert (second.put, second.delete) == ((), ())


def test_a_repeated_row_is_a_duplicate_when_it_agrees_and_a_conflict_when_not() -> None:
    agreeing = plan("question,answer\n多久发货,两天\n多久发货？,两天\n")
    assert [row.verdict for row in agreeing.rows] == ["new", "duplicate"]
    assert [entry.standard_question for entry in agreeing.put] == ["多久发货"]
    contradicting = plan("question,answer\n多久发货,两天\n多久发货？,三天\n")
    assert [row.verdict for row in contradicting.rows] == ["new", "conflict"]
    assert contradicting.put == ()
    by_id = plan("id,question,answer\na,问一,答\na,问一,答\na,问二,答\n")
    assert [(row.line, row.verdict, row.column) for row in by_id.rows] == [
        (2, "new", ""),
        (3, "duplicate", "id"),
        (4, "conflict", "id"),
    ]


def test_two_rows_that_mean_one_entry_are_a_conflict() -> None:
    found = plan("id,question,answer\nrefund,别的问法,甲\n,如何申请退款？,乙\n")
    assert [(row.line, row.verdict) for row in found.rows] == [(2, "changed"), (3, "conflict")]
    assert "line 2 both mean entry 'refund'" in found.rows[1].message


def test_a_question_of_several_entries_needs_an_id_unless_the_language_tells() -> None:
    draft = (Entry("faq", "FAQ", (), "甲", "zh"), Entry("faq.en", "FAQ", (), "B", "en"))
    assert verdicts(plan("question,answer,language\nFAQ,C,en\n", draft)) == [(2, "changed", "faq.en")]
    found = plan("question,answer\nFAQ,C\n", draft)
    assert verdicts(found) == [(2, "conflict", "")]
    assert "'faq', 'faq.en'" in found.rows[0].message


def test_a_new_id_for_a_question_that_is_there_is_pointed_out() -> None:
    found = plan("id,question,answer\nother,如何申请退款,丙\n")
    assert verdicts(found) == [(2, "new", "other")]
    assert found.rows[0].message == "Entry 'refund' asks the same question."


def test_follow_ups_lead_to_the_entries_that_the_rows_belong_to() -> None:
    refund = derived_id("如何申请退款？")
    found = plan(f"question,answer,prompts\n多久发货,两天,{refund}\n如何申请退款？,在订单页。,\n")
    assert found.put[0].prompts == ("refund",)


def test_one_bad_row_keeps_every_other_out() -> None:
    found = plan("question,answer\n多久发货,两天\n,没有问题\n")
    assert [(row.line, row.verdict, row.column) for row in found.rows] == [
        (2, "new", ""),
        (3, "invalid", "question"),
    ]
    assert (found.put, found.delete) == ((), ())

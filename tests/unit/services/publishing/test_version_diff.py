from __future__ import annotations

from dataclasses import replace

from faqbot.knowledge import Entry
from faqbot.services.publishing.version_diff import EntryDifference, VersionDifference, difference

REFUND = Entry("refund", "如何退款？", ("退钱", "不想要了"), "点「退款」。", "zh")
SHIP = Entry("ship", "多久发货？", (), "48 小时。", "zh")
BILL = Entry("bill", "怎么开发票？", (), "点「发票」。", "zh")


def test_entries_wordings_and_answers_that_differ_are_named_and_equal_ones_are_not() -> None:
    later = replace(REFUND, similar_questions=("不想要了", "怎么把钱要回来"), answer="新答案。", tags=("热门",))
    assert difference([REFUND, SHIP], [BILL, later]) == VersionDifference(
        added=("bill",),
        removed=("ship",),
        changed=(
            EntryDifference(
                "refund",
                wordings_added=("怎么把钱要回来",),
                wordings_removed=("退钱",),
                answer=("点「退款」。", "新答案。"),
                fields=("similar_questions", "answer", "tags"),
            ),
        ),
    )
    assert difference([SHIP], [SHIP]) == VersionDifference((), (), ())


def test_an_answer_that_stays_is_not_shown() -> None:
    [change] = difference([SHIP], [replace(SHIP, standard_question="什么时候发货？")]).changed
    assert change.answer is None
    assert (change.wordings_added, change.wordings_removed) == (("什么时候发货？",), ("多久发货？",))

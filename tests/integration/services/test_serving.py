"""When, to whom and with what entries are served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from faqbot.encoder import Encoder
from faqbot.errors import EntryNotFound
from faqbot.knowledge import Entry
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.publishing.publishing import PublishingService
from faqbot.services.values.replies import Exclusion, Offer
from faqbot.settings import MatchingSettings
from faqbot.storage import Storage

ENTRIES = (
    Entry(
        "sale",
        "大促什么时候开始？",
        ("双十一几点开抢",),
        "五月一日零点。",
        "zh",
        valid_from="2026-05-01T00:00Z",
        valid_until="2026-05-03T00:00Z",
        prompts=("refund", "missing", "sale", "vip-hours", "refund.en"),
        attachments=("https://shop.example/sale.pdf",),
    ),
    Entry("refund", "如何申请退款？", ("我想退钱", "不想要了怎么办"), "在订单页点「申请退款」。", "zh"),
    Entry("refund.en", "How do I get a refund?", ("I want my money back",), "Open the order, tap Refund.", "en"),
    Entry("hours", "客服几点上班？", ("人工客服时间",), "每天 9 点到 21 点。", "zh"),
    Entry("vip-hours", "客服几点上班？", ("人工客服时间",), "您的专属客服全天在线。", "zh", segments=("vip", "gold")),
    Entry("legal", "怎么起诉你们？", ("我要打官司",), "请联系法务。", "zh", answer_threshold=1.0),
    Entry("joke", "讲个笑话", ("说个段子",), "好。", "zh", answer_threshold=0.0),
)
MAY_1 = datetime(2026, 5, 1, tzinfo=UTC)

Ask = Callable[[datetime], AnswerService]


@pytest.fixture
def at(storage: Storage, publishing: PublishingService, published: PublishedKnowledge, compact_encoder: Encoder) -> Ask:
    storage.draft.apply(put=ENTRIES)
    publishing.publish()
    published.refresh()
    return lambda moment: AnswerService(
        compact_encoder, published, MatchingSettings(suggest_threshold=0.05), clock=lambda: moment
    )


def test_an_entry_answers_from_its_first_moment_up_to_its_last(at: Ask) -> None:
    def outcome(moment: datetime) -> tuple[str | None, tuple[Exclusion, ...]]:
        reply = at(moment).ask("大促什么时候开始？")
        return reply.entry_id, reply.decision.excluded

    assert outcome(datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC)) == (None, (Exclusion("sale", "not_yet_valid"),))
    assert outcome(MAY_1) == ("sale", ())
    assert outcome(datetime(2026, 5, 2, 23, 59, 59, tzinfo=UTC)) == ("sale", ())
    assert outcome(datetime(2026, 5, 3, tzinfo=UTC)) == (None, (Exclusion("sale", "expired"),))


def test_an_expired_entry_is_neither_suggested_nor_looked_up_nor_offered(at: Ask) -> None:
    service = at(datetime(2027, 1, 1, tzinfo=UTC))
    assert "sale" not in {suggestion.entry_id for suggestion in service.ask("双十一几点开抢").suggestions}
    assert "sale" not in {row.entry_id for row in service.lookup("双十一几点开抢", top=50)}


def test_one_question_has_an_answer_for_everybody_and_another_for_a_segment(at: Ask) -> None:
    service = at(MAY_1)
    assert service.ask("客服几点上班？").entry_id == "hours"
    assert service.ask("客服几点上班？").decision.excluded == (Exclusion("vip-hours", "other_segment"),)
    gold = service.ask("客服几点上班？", filters={"segment": ["silver", "gold"]})
    assert (gold.entry_id, gold.decision.excluded) == ("vip-hours", (Exclusion("hours", "replaced_for_segment"),))
    barred = service.ask("客服几点上班？", filters={"segment": "silver", "entry_id": "vip-hours"})
    assert (barred.verdict, barred.decision.reason) == ("fallback", "no_candidates")


def test_an_answer_carries_its_follow_ups_and_attachments(at: Ask) -> None:
    service = at(MAY_1)
    reply = service.ask("大促什么时候开始？")
    # Neither the entry itself, nor what does not exist, nor what is for others.
    assert reply.prompts == (Offer("refund", "如何申请退款？"),)
    assert reply.attachments == ("https://shop.example/sale.pdf",)
    for_vip = service.ask("大促什么时候开始？", language="en", filters={"segment": "vip"})
    assert [offer.entry_id for offer in for_vip.prompts] == ["refund.en", "vip-hours"]
    assert service.ask("如何申请退款？").prompts == ()


def test_a_threshold_of_its_own_decides_and_is_shown(at: Ask) -> None:
    service = at(MAY_1)
    near = service.ask("我想要打官司")
    assert (near.verdict, near.question, near.decision.reason) == (
        "suggest",
        "怎么起诉你们？",
        "below_answer_threshold",
    )
    assert near.decision.answer_threshold == 1.0
    assert service.ask("我要打官司").entry_id == "legal"
    always = service.ask("给我说个笑话吧")
    assert (always.entry_id, always.decision.answer_threshold) == ("joke", 0.0)
    assert service.ask("如何申请退款？").decision.answer_threshold > 0.0


def test_where_one_language_has_ended_the_other_answers(
    at: Ask, storage: Storage, publishing: PublishingService, published: PublishedKnowledge
) -> None:
    service = at(MAY_1)
    storage.draft.apply(put=[Entry("refund.en", "How do I get a refund?", (), "Old.", "en", valid_until="2020-01-01")])
    publishing.publish()
    published.refresh()
    reply = service.ask("How do I get a refund?")
    assert (reply.entry_id, reply.decision.excluded) == ("refund", (Exclusion("refund.en", "expired"),))


def test_a_named_language_overrules_that_of_the_question(at: Ask) -> None:
    service = at(MAY_1)
    assert service.ask("我想退钱").entry_id == "refund"
    assert service.ask("我想退钱", language="en").entry_id == "refund.en"
    assert service.ask("我想退钱", language="EN-us").entry_id == "refund.en"
    assert service.ask("人工客服时间", language="en").entry_id == "hours"


def test_related_entries_are_near_nearest_first_and_never_the_entry_itself(at: Ask) -> None:
    service = at(MAY_1)
    found = service.related("vip-hours", filters={"segment": "gold"})
    assert "hours" not in [one.entry_id for one in found], "vip-hours stands in its place"
    found = service.related("vip-hours")
    # The same question word for word, for everybody.
    assert found[0].entry_id == "hours"
    assert found[0].similarity == pytest.approx(1.0, abs=1e-5)
    assert [one.similarity for one in found] == sorted((one.similarity for one in found), reverse=True)
    assert all(0.5 <= one.similarity <= 1.0 and one.entry_id != "vip-hours" for one in found)
    assert "vip-hours" not in [one.entry_id for one in service.related("hours")]
    assert service.ask("客服几点上班？").related == tuple(service.related("hours"))
    assert service.ask("完全无关的天气问题", mode="dense").related == ()


def test_related_entries_of_what_is_not_published_are_refused(at: Ask) -> None:
    with pytest.raises(EntryNotFound, match="'gone' in version 1"):
        at(MAY_1).related("gone")

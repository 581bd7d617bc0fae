"""The regression gate and the replay of real questions, with the real model and the very decision function."""

from __future__ import annotations

from dataclasses import replace

import pytest

from faqbot.errors import PublishRefused
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.checks.findings import Override
from faqbot.services.publishing.draft_rehearsals import DraftRehearsals
from faqbot.services.publishing.publishing import PublishingService
from faqbot.storage import AskedQuestion, QuestionTest, Storage
from tests.integration.services.conftest import ENTRIES


def asked(text: str) -> AskedQuestion:
    return AskedQuestion("r", text, "answer", "invoice", 1.0, 1, "api", "zh", "", "2026-01-01T00:00:00+00:00")


def test_a_test_that_passes_for_customers_and_fails_on_the_draft_stops_the_publication(
    answering: AnswerService, storage: Storage, publishing: PublishingService, rehearsals: DraftRehearsals
) -> None:
    assert answering.ask("开票流程").entry_id == "invoice"
    # A wording is answered with certainty, so both tests pass while it is there and the second one never does.
    storage.tests.put([QuestionTest("开票流程", "refund.en"), QuestionTest("要发票", "invoice")])
    storage.tests.put([QuestionTest("开票流程", "invoice"), QuestionTest("我想退钱", "")])
    assert [one.passed for one in rehearsals.run_tests()] == [True, True, False]
    storage.draft.apply(put=[replace(ENTRIES[2], standard_question="公司地址在哪里？", similar_questions=("地址",))])
    with pytest.raises(PublishRefused, match="regression") as refused:
        publishing.publish()
    texts = [detail["texts"][0] for detail in refused.value.details if isinstance(detail, dict)]
    assert texts == ["开票流程", "要发票"]
    version = publishing.publish(overrides=[Override("regression", "发票改到别处")])
    counts = publishing.version_checks(version.number).counts
    assert (counts["regression"], counts["failing_test"]) == (2, 1)


def test_what_the_tests_decide_is_what_customers_get(
    answering: AnswerService,
    storage: Storage,
    publishing: PublishingService,
    rehearsals: DraftRehearsals,
    published: PublishedKnowledge,
) -> None:
    questions = ["我不想要了，退钱", "要开票", "今天天气怎么样", "money back"]
    storage.tests.put([QuestionTest(text, "") for text in questions])
    tested = rehearsals.run_tests()
    publishing.publish(overrides=[Override("regression", "x")])
    published.refresh()
    assert [one.question for one in tested] == questions
    for one in tested:
        reply = answering.ask(one.question)
        assert one.draft.verdict == reply.verdict
        assert one.draft.confidence == pytest.approx(reply.confidence, abs=1e-4)


def test_a_replay_lists_exactly_the_decisions_that_change_the_most_frequent_first(
    answering: AnswerService, storage: Storage, rehearsals: DraftRehearsals
) -> None:
    storage.questions.add([asked(text) for text in ("要发票", "开票流程", "开票流程", "我想退钱")], keep=10)
    assert rehearsals.replay(10).changed == ()
    gone = replace(ENTRIES[2], standard_question="公司地址在哪里？", similar_questions=("地址",))
    storage.draft.apply(put=[gone])
    found = rehearsals.replay(10)
    assert found.asked == 4
    assert [(one.text, one.times) for one in found.changed] == [("开票流程", 2), ("要发票", 1)]
    assert (found.changed[0].current.verdict, found.changed[0].current.entry_id) == ("answer", "invoice")
    assert found.changed[0].draft.verdict != "answer"
    assert rehearsals.replay(1).asked == 1


def test_without_a_published_version_tests_run_and_nothing_can_regress(
    storage: Storage, publishing: PublishingService, rehearsals: DraftRehearsals
) -> None:
    storage.draft.apply(put=ENTRIES)
    storage.tests.put([QuestionTest("要发票", "refund")])
    [one] = rehearsals.run_tests()
    assert (one.passed, one.passed_before) == (False, None)
    assert rehearsals.replay(10).changed == ()
    assert publishing.publish().number == 1

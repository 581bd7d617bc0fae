"""The regression gate and the replay of real questions, with the real model and the very decision function."""

from __future__ import annotations

from dataclasses import replace

import pytest

from faqbot.errors import PublishRefused
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.checks.findings import Override
from faqbot.services.publishing.publishing import PublishingService
from faqbot.storage import AskedQuestion, QuestionTest, Repository
from tests.integration.services.conftest import ENTRIES


def asked(text: str) -> AskedQuestion:
    return AskedQuestion("r", text, "answer", "invoice", 1.0, 1, "api", "zh", "", "2026-01-01T00:00:00+00:00")


def test_a_test_that_passes_for_customers_and_fails_on_the_draft_stops_the_publication(
    answering: AnswerService, repository: Repository, publishing: PublishingService
) -> None:
    assert answering.ask("开票流程").entry_id == "invoice"
    # A wording is answered with certainty, so both tests pass while it is there and the second one never does.
    repository.put_tests([QuestionTest("开票流程", "refund.en"), QuestionTest("要发票", "invoice")])
    repository.put_tests([QuestionTest("开票流程", "invoice"), QuestionTest("我想退钱", "")])
    assert [one.passed for one in publishing.draft.run_tests()] == [True, True, False]
    repository.apply(put=[replace(ENTRIES[2], standard_question="公司地址在哪里？", similar_questions=("地址",))])
    with pytest.raises(PublishRefused, match="regression") as refused:
        publishing.publish()
    texts = [detail["texts"][0] for detail in refused.value.details if isinstance(detail, dict)]
    assert texts == ["开票流程", "要发票"]
    version = publishing.publish(overrides=[Override("regression", "发票改到别处")])
    counts = publishing.version_checks(version.number)["counts"]
    assert isinstance(counts, dict)
    assert (counts["regression"], counts["failing_test"]) == (2, 1)


def test_what_the_tests_decide_is_what_customers_get(
    answering: AnswerService, repository: Repository, publishing: PublishingService, published: PublishedKnowledge
) -> None:
    questions = ["我不想要了，退钱", "要开票", "今天天气怎么样", "money back"]
    repository.put_tests([QuestionTest(text, "") for text in questions])
    tested = publishing.draft.run_tests()
    publishing.publish(overrides=[Override("regression", "x")])
    published.refresh()
    assert [one.test.text for one in tested] == questions
    for one in tested:
        reply = answering.ask(one.test.text)
        assert one.draft.verdict == reply.verdict
        assert one.draft.confidence == pytest.approx(reply.confidence, abs=1e-4)


def test_a_replay_lists_exactly_the_decisions_that_change_the_most_frequent_first(
    answering: AnswerService, repository: Repository, publishing: PublishingService
) -> None:
    repository.add_asked([asked(text) for text in ("要发票", "开票流程", "开票流程", "我想退钱")], keep=10)
    assert publishing.draft.replay(10).changed == ()
    gone = replace(ENTRIES[2], standard_question="公司地址在哪里？", similar_questions=("地址",))
    repository.apply(put=[gone])
    found = publishing.draft.replay(10)
    assert found.asked == 4
    assert [(one.text, one.times) for one in found.changed] == [("开票流程", 2), ("要发票", 1)]
    assert (found.changed[0].current.verdict, found.changed[0].current.entry_id) == ("answer", "invoice")
    assert found.changed[0].draft.verdict != "answer"
    assert publishing.draft.replay(1).asked == 1


def test_without_a_published_version_tests_run_and_nothing_can_regress(
    repository: Repository, publishing: PublishingService
) -> None:
    repository.apply(put=ENTRIES)
    repository.put_tests([QuestionTest("要发票", "refund")])
    [one] = publishing.draft.run_tests()
    assert (one.passed, one.passed_before) == (False, None)
    assert publishing.draft.replay(10).changed == ()
    assert publishing.publish().number == 1

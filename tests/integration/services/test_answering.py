from __future__ import annotations

import pytest

from faqbot.encoder import Encoder
from faqbot.errors import InvalidRequest, NotReady, QuestionEmpty, QuestionTooLong, UnknownMode
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings
from faqbot.storage import Storage
from tests.integration.services.conftest import ENTRIES


@pytest.mark.parametrize("text", ["如何申请退款？", "我想退钱", " 我 想退钱!! "])
def test_an_exact_wording_answers_with_certainty(answering: AnswerService, text: str) -> None:
    reply = answering.ask(text)
    assert (reply.verdict, reply.entry_id, reply.confidence) == ("answer", "refund", 1.0)
    assert reply.decision.reason == "exact"
    assert reply.answer == "在订单页点「申请退款」。"


def test_the_answer_comes_in_the_questions_language(answering: AnswerService) -> None:
    assert answering.ask("How do I get a refund?").entry_id == "refund.en"
    assert answering.ask("I want my money back", language="zh").entry_id == "refund"


def test_an_english_question_finds_an_entry_that_exists_in_chinese_only(
    storage: Storage, publishing: PublishingService, published: PublishedKnowledge, compact_encoder: Encoder
) -> None:
    storage.draft.apply(put=[entry for entry in ENTRIES if entry.language == "zh"], delete=[])
    publishing.publish()
    published.refresh()
    service = AnswerService(compact_encoder, published, MatchingSettings())
    assert service.lookup("I want my money back")[0].entry_id == "refund"


def test_disabled_entries_never_answer(answering: AnswerService) -> None:
    assert "hours" not in {row.entry_id for row in answering.lookup("客服几点上班？", top=50)}


def test_translations_take_one_place_in_the_ranking(answering: AnswerService) -> None:
    ids = [row.entry_id for row in answering.lookup("refund 退款", top=50)]
    assert len(ids) == len({entry_id.removesuffix(".en") for entry_id in ids}) == 2


@pytest.mark.parametrize("mode", ["dense", "sparse", "colbert", "hybrid"])
def test_every_mode_answers_and_scores_within_bounds(answering: AnswerService, mode: str) -> None:
    reply = answering.ask("我要申请退款", mode=mode)
    assert reply.question == "如何申请退款？"
    assert all(
        0 <= value <= 1 for value in (reply.score, reply.scores.dense, reply.scores.sparse, reply.scores.colbert)
    )


def test_filters_leave_only_what_passes(answering: AnswerService) -> None:
    assert {row.entry_id for row in answering.lookup("退款", filters={"category": "发票"}, top=50)} == {"invoice"}
    assert answering.lookup("退款", filters={"category": "没有"}) == []


def test_a_question_that_nothing_passes_falls_back(answering: AnswerService) -> None:
    reply = answering.ask("退款", filters={"tag": "没有"})
    assert (reply.verdict, reply.decision.reason, reply.confidence) == ("fallback", "no_candidates", 0.0)


@pytest.mark.parametrize(("threshold", "verdict"), [(0.0, "answer"), (1.0, "suggest")])
def test_a_threshold_of_zero_answers_all_and_of_one_only_exact_wordings(
    answering: AnswerService, compact_encoder: Encoder, published: PublishedKnowledge, threshold: float, verdict: str
) -> None:
    service = AnswerService(
        compact_encoder, published, MatchingSettings(answer_threshold=threshold, suggest_threshold=0.0)
    )
    assert service.ask("退款要怎么申请呢").verdict == verdict
    assert service.ask("如何申请退款？").verdict == "answer"


@pytest.mark.parametrize("text", ["", "   ", "？？！", "\u200b"])
def test_an_empty_question_is_refused(answering: AnswerService, text: str) -> None:
    with pytest.raises(QuestionEmpty):
        answering.ask(text)


def test_a_question_that_is_too_long_is_refused_with_the_limit(answering: AnswerService) -> None:
    with pytest.raises(QuestionTooLong, match="at most 1000"):
        answering.ask("x" * 100_000)


def test_unknown_mode_filter_and_top_are_refused(answering: AnswerService) -> None:
    with pytest.raises(UnknownMode, match="choose one of dense, sparse, colbert, hybrid"):
        answering.ask("退款", mode="magic")
    with pytest.raises(InvalidRequest, match="no filter 'colour'"):
        answering.ask("退款", filters={"colour": "red"})
    with pytest.raises(InvalidRequest, match="1 to 50"):
        answering.ask("退款", top=0)


def test_asking_before_anything_is_published_says_what_to_do(
    compact_encoder: Encoder, published: PublishedKnowledge
) -> None:
    with pytest.raises(NotReady, match="faqbot publish"):
        AnswerService(compact_encoder, published, MatchingSettings()).ask("退款")


def test_similarity_of_a_text_with_itself_is_one_in_every_mode(answering: AnswerService) -> None:
    found = answering.similarity("怎么退款", "怎么退款")
    assert (found.dense, found.colbert, found.hybrid) == pytest.approx((1, 1, 1), abs=0.02)
    assert found.sparse == pytest.approx(1.0, abs=1e-4)


def test_similarity_of_unrelated_texts_is_near_zero_whatever_the_model_s_floor(answering: AnswerService) -> None:
    found = answering.similarity("怎么退款", "The cat sleeps on the window sill")
    assert found.raw["dense"] > 0.6
    assert found.hybrid < 0.25


def test_explanation_adds_up_to_the_score(answering: AnswerService) -> None:
    reply = answering.ask("我要申请退款", explained=True)
    assert reply.explanation is not None
    contributions = reply.explanation["contributions"]
    assert isinstance(contributions, dict)
    assert sum(contributions.values()) == pytest.approx(reply.explanation["hybrid_score"], abs=1e-6)


def test_a_wrong_letter_is_shown(answering: AnswerService) -> None:
    reply = answering.ask("开票牛程", explained=True)
    assert reply.explanation is not None
    assert reply.explanation["wording"] == "开票流程"
    assert reply.explanation["typed_differently"] == [{"question": "牛", "wording": "流"}]


def test_a_wording_in_traditional_characters_is_that_wording(answering: AnswerService) -> None:
    reply = answering.ask("怎麼開發票?")
    assert (reply.verdict, reply.entry_id, reply.decision.reason) == ("answer", "invoice", "exact")

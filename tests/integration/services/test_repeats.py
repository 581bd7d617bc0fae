"""Questions that were asked before are answered without the model, and the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from faqbot.encoder import Caller, Encoder, Encoding, Progress
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import MatchingSettings
from faqbot.storage import Storage

QUESTION = "退款要怎么申请呢"


class CountingEncoder:
    """The real encoder, which notes what it was asked to encode."""

    def __init__(self, encoder: Encoder) -> None:
        self.info = encoder.info
        self.tokens = encoder.tokens
        self.encoded: list[str] = []
        self._encoder = encoder

    def encode(
        self, texts: Sequence[str], progress: Progress | None = None, caller: Caller | None = None
    ) -> list[Encoding]:
        self.encoded += texts
        return self._encoder.encode(texts, progress)


@pytest.fixture
def counting(compact_encoder: Encoder) -> CountingEncoder:
    return CountingEncoder(compact_encoder)


@pytest.fixture
def service(answering: AnswerService, published: PublishedKnowledge, counting: CountingEncoder) -> AnswerService:
    # `answering` has published; learning from traffic would move the thresholds between two calls.
    return AnswerService(counting, published, MatchingSettings(learn_from_traffic=False))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"explained": True},
        {"mode": "dense"},
        {"mode": "sparse", "top": 1},
        {"filters": {"category": "发票"}},
        {"language": "en"},
    ],
    ids=str,
)
def test_a_repeated_question_gets_the_same_reply_without_the_model(
    service: AnswerService, answering: AnswerService, counting: CountingEncoder, asked: dict[str, Any]
) -> None:
    service.ask(QUESTION)
    first, again = service.ask(QUESTION, **asked), service.ask(f"  {QUESTION}\n", **asked)
    assert counting.encoded == [QUESTION]
    assert first == again == answering.ask(QUESTION, **asked)


def test_an_exact_wording_never_needs_the_model(service: AnswerService, counting: CountingEncoder) -> None:
    assert service.ask("如何申请退款？").decision.reason == "exact"
    assert counting.encoded == []


def test_a_new_version_answers_a_repeated_question_anew(
    answering: AnswerService,
    counting: CountingEncoder,
    storage: Storage,
    publishing: PublishingService,
    published: PublishedKnowledge,
) -> None:
    service = AnswerService(counting, published, MatchingSettings(answer_threshold=0.0))
    assert service.ask(QUESTION).answer == "在订单页点「申请退款」。"
    entry = next(entry for entry in storage.draft.entries() if entry.entry_id == "refund")
    storage.draft.apply(put=[replace(entry, answer="请联系客服。")], delete=[])
    publishing.publish()
    published.refresh()
    reply = service.ask(QUESTION)
    assert (reply.answer, reply.decision.version) == ("请联系客服。", 2)
    assert counting.encoded.count(QUESTION) == 1


def test_other_thresholds_judge_a_repeated_question_anew(
    service: AnswerService, published: PublishedKnowledge, compact_encoder: Encoder
) -> None:
    before = service.ask(QUESTION)
    snapshot = published.snapshot
    published._snapshot = snapshot.decided_by(snapshot.decider.at_share(0.99))
    after = service.ask(QUESTION)
    # Where nearly nothing has an answer, the same evidence is worth less.
    assert after.confidence < before.confidence
    strict = AnswerService(compact_encoder, published, MatchingSettings(answer_threshold=1.0, suggest_threshold=1.0))
    assert strict.ask(QUESTION).verdict == "fallback"


def test_what_customers_ask_again_still_teaches_how_much_has_no_answer(
    answering: AnswerService, published: PublishedKnowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    monkeypatch.setattr(published, "saw", lambda _snapshot, _question, ranking, _origin: seen.append(ranking.p_none))
    for _ in range(3):
        answering.ask(QUESTION)
    assert len(seen) == 3

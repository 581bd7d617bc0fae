"""What decides, over either matcher; wordings and questions are made up."""

from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.matching.decision.decision import NOT_RANKED, Decider, Question
from faqbot.matching.decision.learned_bytes import unpack
from faqbot.matching.decision.verdict import Bounds
from faqbot.matching.model.learned_matcher import LearnedMatcher
from faqbot.matching.model.learning import fit
from faqbot.matching.model.matcher import Matcher, Ranking
from faqbot.matching.model.prior import shipped_prior
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.scoring import Scale
from tests.contracts.cosine_matcher import CosineMatcher
from tests.worlds import World

SIZES = [1, 3, 5, 5, 6, 6, 8, 8, 10, 10]
BOUNDS = Bounds(answer=0.6, suggest=0.05)


@pytest.fixture(scope="module")
def world() -> World:
    return World(topics=len(SIZES) + 3, spread=0.3)


@pytest.fixture(scope="module")
def index(world: World) -> WordingIndex:
    return WordingIndex(*world.knowledge(SIZES))


def learned(index: WordingIndex) -> Matcher:
    return LearnedMatcher(index, fit(index.wordings, index.vectors, prior=shipped_prior("generic")))


@pytest.fixture(scope="module", params=[learned, CosineMatcher.learn], ids=["learned", "cosine"])
def decider(request: pytest.FixtureRequest, index: WordingIndex) -> Decider:
    return Decider(index, request.param(index), Scale())


def asked(world: World, topic: int) -> Question:
    text, encoding = world.ask(topic)
    return Question(text, text, encoding)


def wording(index: WordingIndex, row: int) -> Question:
    text = index.wordings[row].text
    return Question(text, text, index.vectors[row])


def test_any_matcher_finds_what_is_asked_and_is_less_sure_of_what_comes_from_elsewhere(
    world: World, decider: Decider
) -> None:
    known = [decider.judge(asked(world, topic), BOUNDS) for topic in range(len(SIZES)) for _ in range(3)]
    unknown = [decider.judge(asked(world, len(SIZES) + number % 3), BOUNDS) for number in range(30)]
    right = [judgement.matches[0].wording.topic == f"t{number // 3}" for number, judgement in enumerate(known)]
    answered = sum(judgement.verdict.name == "answer" for judgement in known)
    assert sum(right) >= 28
    assert answered >= 15
    assert sum(judgement.verdict.name == "answer" for judgement in unknown) <= answered / 2
    sure, unsure = (np.mean([one.matches[0].confidence for one in part]) for part in (known, unknown))
    assert sure > unsure + 0.2


def test_any_matcher_follows_the_share_of_traffic_and_is_kept(
    world: World, decider: Decider, index: WordingIndex
) -> None:
    question = asked(world, 4)
    before = decider.judge(question, BOUNDS)
    full = decider.at_share(0.8)
    assert full.judge(question, BOUNDS).matches[0].confidence < before.matches[0].confidence
    assert (full.thresholds.share, full.thresholds.share_source) == (0.8, "traffic")
    assert decider.judge(question, BOUNDS) == before
    assert unpack(decider.to_bytes()) == (decider.matcher.to_bytes(), None)
    assert (decider.bounds.answer, decider.bounds.passage) == (decider.thresholds.answer, 1.0)


class Unranked(CosineMatcher):
    """Notices when it is asked to rank."""

    asked = 0

    def rank(self, text: str, encoding: Encoding, *, allowed: object = None) -> Ranking:
        self.asked += 1
        return super().rank(text, encoding)


def test_exact_wordings_that_fill_the_suggestions_need_no_ranking(index: WordingIndex) -> None:
    whole = CosineMatcher.learn(index)
    matcher = Unranked(index, 0.3, whole._sample, whole.thresholds)
    decider = Decider(index, matcher, Scale())
    judgement = decider.judge(wording(index, 7), BOUNDS, suggestions=1)
    assert (matcher.asked, judgement.ranking) == (0, NOT_RANKED)
    assert (judgement.verdict.name, judgement.verdict.reason) == ("answer", "exact")
    assert [(match.row, match.confidence, match.exact) for match in judgement.matches] == [(7, 1.0, True)]
    # Who wants suggestions beside it gets them, as for any question.
    beside = decider.judge(wording(index, 7), BOUNDS, suggestions=5)
    assert matcher.asked == 1
    assert beside.matches[0] == judgement.matches[0]
    assert len({match.wording.topic for match in beside.matches}) == len(beside.matches) == len(SIZES)


def test_an_exact_wording_of_a_topic_that_may_not_answer_is_ranked_like_any_question(
    index: WordingIndex, decider: Decider
) -> None:
    topic = index.wordings[7].topic
    rest = {other.topic for other in index.wordings} - {topic}
    judgement = decider.judge(wording(index, 7), BOUNDS, suggestions=1, allowed=rest)
    assert judgement.verdict.reason != "exact"
    assert {match.wording.topic for match in judgement.matches} == rest


def test_a_ranking_that_is_known_is_not_made_again(index: WordingIndex, world: World) -> None:
    whole = CosineMatcher.learn(index)
    matcher = Unranked(index, 0.3, whole._sample, whole.thresholds)
    decider, question = Decider(index, matcher, Scale()), asked(world, 5)
    ranking = whole.rank(question.spelt, question.encoding)
    assert decider.judge(question, BOUNDS, ranking=ranking).ranking is ranking
    assert matcher.asked == 0


def test_the_scores_of_a_match_are_those_of_its_wording(index: WordingIndex, world: World, decider: Decider) -> None:
    question = asked(world, 6)
    for match in decider.judge(question, BOUNDS).matches[:3]:
        assert match.raw.dense == pytest.approx(
            float(index.vectors.dense[match.row] @ question.encoding.dense), abs=1e-5
        )
        assert match.wording == index.wordings[match.row]

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.decision.decision import Judgement, strongest
from faqbot.matching.decision.verdict import Bounds, decide
from faqbot.matching.model.matcher import Ranking
from faqbot.matching.model.thresholds import Sample, choose_thresholds
from faqbot.matching.passages.learning import PRIOR, Asked, learn_passages
from faqbot.matching.passages.model import PassageModel
from faqbot.matching.passages.search import PassageSearch
from faqbot.matching.search.match import FoundPassage, Match
from faqbot.matching.search.scoring import RawScores, Scale, Scores
from faqbot.passages import Passage
from tests.unit.matching.conftest import unit

_TOPICS = 60


def _passage(topic: str) -> Passage:
    return Passage(topic, topic, f"text of {topic}", 0, 10, 1, 1, "")


def _along(topic: int, nearness: float = 1.0) -> Encoding:
    """A direction of the topic's own, mixed with one that all share."""
    values = np.zeros(_TOPICS + 1)
    values[topic], values[_TOPICS] = nearness, 1.0 - nearness
    return unit(*values)


def _learned(nearness: float, target: float = 0.95, real: tuple[Asked, ...] = ()) -> PassageSearch:
    """Half of the topics have a long answer, all have a wording that is so near to what would be its own passage."""
    names = [f"t{number}" for number in range(_TOPICS)]
    passages = [_passage(name) for name in names[::2]]
    encodings = [_along(number) for number in range(0, _TOPICS, 2)]
    wordings = [Wording(name, name, f"{name}?") for name in names]
    asked = [_along(number, nearness) for number in range(_TOPICS)]
    learned = learn_passages(
        passages, encodings, Scale(), wordings=wordings, asked_as=asked, real=real, target_precision=target
    )
    return PassageSearch(passages, encodings, Scale(), learned)


def test_passages_that_their_own_wordings_find_may_answer() -> None:
    search = _learned(nearness=0.9)
    thresholds = search.learned.thresholds
    assert thresholds.answer < 0.95
    assert thresholds.precision is not None
    assert thresholds.precision >= 0.95
    assert thresholds.source == "passages"
    best = search.find(_along(4, 0.9))[0]
    assert best.passage.entry_id == "t4"
    assert best.probability >= thresholds.answer
    # Of t5 there is no long answer, however near the question is to where it would be.
    others = search.find(_along(5, 0.9))
    assert others
    assert max(found.probability for found in others) < thresholds.answer


def test_passages_that_cannot_be_told_apart_answer_nothing() -> None:
    # No wording says which passage is meant: all directions are shared.
    assert _learned(nearness=0.0).learned.thresholds.answer == 1.0


def test_mistakes_among_real_questions_raise_the_threshold() -> None:
    wrong = tuple(Asked(_along(number, 0.9), frozenset(("elsewhere",))) for number in range(0, 40, 2))
    assert _learned(nearness=0.9, real=wrong).learned.thresholds.answer > _learned(0.9).learned.thresholds.answer


def test_every_wording_is_also_asked_without_its_own_answer() -> None:
    passages = [_passage(f"t{number}") for number in range(_TOPICS)]
    encodings = [_along(number) for number in range(_TOPICS)]
    wordings = [Wording(f"t{number}", f"t{number}", "?") for number in range(_TOPICS)]
    asked = [_along(number, 0.9) for number in range(_TOPICS)]
    learned = learn_passages(passages, encodings, Scale(), wordings=wordings, asked_as=asked)
    assert learned.thresholds.sample == 2 * _TOPICS


def test_a_threshold_for_passages_follows_what_was_shown_and_not_what_was_promised() -> None:
    # All with an answer promise 0.96 and four of five are right; half of the weight is theirs, 200 of 400:
    # (160 + 50 x 0.96) / 250 = 0.832
    answerable = np.arange(400) < 100
    sample = Sample(
        confidence=np.where(answerable, 0.96, 0.01) - np.arange(400) * 1e-9,
        none=np.full(400, 0.04),
        right=(answerable & (np.arange(400) % 5 > 0)).astype(float),
        own=np.full(400, np.nan),
        answerable=answerable,
        source="passages",
        share=0.5,
    )
    assert choose_thresholds(sample, 0.95, "default").answer == 1.0
    assert choose_thresholds(replace(sample, source="wordings"), 0.95, "default").answer < 0.961
    reached = choose_thresholds(sample, 0.83, "default")
    assert (reached.answer, reached.coverage) == (pytest.approx(0.96), pytest.approx(0.5))


def test_the_best_part_of_a_text_counts_with_the_best_passage_of_any() -> None:
    sure, unsure = _match(0.8, passage=False), _match(0.3, passage=True)
    other = replace(_match(0.5, passage=False), wording=Wording("b", "b", "?"))
    judged = [
        Judgement(tuple(matches), decide(matches, Bounds(0.9, 0.1), 5), Ranking((), 1.0))
        for matches in ([sure], [other, unsure])
    ]
    best, second = strongest(judged, by_score=False)
    assert (best.wording.topic, best.confidence, best.passage) == ("a", 0.8, unsure.passage)
    assert (second.wording.topic, second.passage) == ("b", None)


def test_probabilities_are_those_of_the_logit_and_leave_room_for_none() -> None:
    search = _learned(nearness=0.9)
    found = search.find(_along(4, 0.9))
    assert sum(one.probability for one in found) < 1
    model = search.learned.model
    powers = [np.exp(model.dense * one.scores.dense + model.colbert * one.scores.colbert) for one in found]
    assert found[0].probability == pytest.approx(powers[0] / (sum(powers) + np.exp(model.none)))


def test_what_is_hidden_or_not_allowed_is_not_found() -> None:
    search = _learned(nearness=0.9)
    assert search.find(_along(4), hidden={"t4"})[0].passage.entry_id != "t4"
    assert {one.passage.topic for one in search.find(_along(4), allowed={"t2"})} == {"t2"}
    assert search.find(_along(4), allowed={"nothing"}) == ()


def test_without_any_example_the_prior_is_believed_and_the_threshold_is_cautious() -> None:
    passage = _passage("only")
    learned = learn_passages([passage], [unit(1, 0)], Scale(), wordings=[], asked_as=[])
    assert learned.model == PassageModel(PRIOR.dense, PRIOR.colbert, PRIOR.none)
    # 1 - 2 (1 - 0.95)
    assert learned.thresholds.answer == pytest.approx(0.9)


def _match(confidence: float, passage: bool) -> Match:
    scores = Scores(0.5, 0.5, 0.5)
    found = FoundPassage(_passage("a"), scores, 0.5, 0.9) if passage else None
    return Match(Wording("a", "a", "?"), 0, scores, RawScores(0.5, 0.5, 0.5), 0.5, confidence, passage=found)


def test_a_passage_has_to_reach_the_higher_of_two_thresholds() -> None:
    bounds = Bounds(answer=0.7, suggest=0.1, passage=0.9)
    assert decide([_match(0.8, passage=False)], bounds, 5).reason == "above_answer_threshold"
    assert decide([_match(0.8, passage=True)], bounds, 5).reason == "passage_below_answer_threshold"
    assert decide([_match(0.9, passage=True)], bounds, 5).reason == "passage_above_answer_threshold"
    assert decide([_match(0.6, passage=True)], Bounds(0.7, 0.1, passage=0.5), 5).name == "suggest"


def test_an_entrys_own_threshold_counts_for_its_passages_too() -> None:
    bounds = Bounds(answer=0.7, suggest=0.1, passage=1.0, own={"a": 0.75})
    assert decide([_match(0.8, passage=True)], bounds, 5).name == "answer"

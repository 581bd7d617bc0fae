from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.model.fitted import Fitted, Labelled
from faqbot.matching.model.learned_matcher import LearnedMatcher
from faqbot.matching.model.learning import RealQuestions, fit
from faqbot.matching.model.matcher import Ranking
from faqbot.matching.model.prior import shipped_prior
from faqbot.matching.search.index import WordingIndex
from tests.worlds import World


@pytest.fixture(scope="module")
def world() -> World:
    return World(topics=16)


@pytest.fixture(scope="module")
def known(world: World) -> tuple[list[Wording], list[Encoding]]:
    return world.knowledge([1, 1, 2, 3, 5, 5, 6, 6, 8, 8, 10, 12])


@pytest.fixture(scope="module")
def fitted(known: tuple[list[Wording], list[Encoding]]) -> Fitted:
    return fit(*known, prior=shipped_prior("generic"))


@pytest.fixture(scope="module")
def matcher(known: tuple[list[Wording], list[Encoding]], fitted: Fitted) -> LearnedMatcher:
    return bound(known, fitted)


def bound(known: tuple[list[Wording], list[Encoding]], fitted: Fitted) -> LearnedMatcher:
    return LearnedMatcher(WordingIndex(*known), fitted)


def top(ranking: Ranking) -> str:
    return ranking.topics[0].topic


def test_topics_with_one_wording_and_with_twelve_are_found(world: World, matcher: LearnedMatcher) -> None:
    asked = [topic for topic in range(12) for _ in range(5)]
    found = [top(matcher.rank(*world.ask(topic))) for topic in asked]
    assert np.mean([name == f"t{topic}" for name, topic in zip(found, asked, strict=True)]) > 0.9


def test_confidence_tells_answerable_from_unanswerable_questions(world: World, matcher: LearnedMatcher) -> None:
    known = [matcher.rank(*world.ask(topic)).topics[0].confidence for topic in range(12)]
    unknown = [matcher.rank(*world.ask(topic)).topics[0].confidence for topic in range(12, 16) for _ in range(3)]
    assert min(np.median(known), np.mean(known)) > np.max([np.median(unknown), np.mean(unknown)]) + 0.2


def test_fitting_twice_gives_the_same_bytes(known: tuple[list[Wording], list[Encoding]], fitted: Fitted) -> None:
    assert fit(*known, prior=shipped_prior("generic")).to_bytes() == fitted.to_bytes()


def test_the_order_of_the_entries_changes_nothing_that_customers_notice(
    world: World, known: tuple[list[Wording], list[Encoding]], fitted: Fitted, matcher: LearnedMatcher
) -> None:
    turned = (known[0][::-1], known[1][::-1])
    again = fit(*turned, prior=shipped_prior("generic"))
    assert again.thresholds.answer == pytest.approx(fitted.thresholds.answer, abs=2e-3)
    other = bound(turned, again)
    for question in [world.ask(topic) for topic in range(16)]:
        confidence = matcher.rank(*question).topics[0].confidence
        assert other.rank(*question).topics[0].confidence == pytest.approx(confidence, abs=5e-3)


def test_what_was_kept_ranks_as_what_was_fitted(
    world: World, known: tuple[list[Wording], list[Encoding]], fitted: Fitted, matcher: LearnedMatcher
) -> None:
    kept = Fitted.from_bytes(fitted.to_bytes())
    assert kept.thresholds == fitted.thresholds
    question = world.ask(4)
    again = bound(known, kept).rank(*question)
    assert again.topics[0].confidence == pytest.approx(matcher.rank(*question).topics[0].confidence, abs=5e-3)


@pytest.mark.parametrize("sizes", [[1], [3], [1, 1], [1, 1, 1, 1, 1], [20, 1]])
def test_the_smallest_knowledge_bases_work(sizes: list[int]) -> None:
    world = World(topics=len(sizes) + 1, seed=3)
    wordings, encodings = world.knowledge(sizes)
    learned = fit(wordings, encodings, prior=shipped_prior("generic"))
    ranking = bound((wordings, encodings), learned).rank(*world.ask(0))
    assert top(ranking) == "t0"
    assert 0.0 <= ranking.topics[0].confidence < 1.0
    assert learned.thresholds.cautious


@pytest.mark.parametrize("seed", range(1, 6))
def test_with_one_wording_each_the_nearest_wins(seed: int) -> None:
    world = World(topics=6, seed=seed)
    wordings, encodings = world.knowledge([1] * 5)
    matcher = bound((wordings, encodings), fit(wordings, encodings, prior=shipped_prior("generic")))
    assert [top(matcher.rank(*world.ask(topic))) for topic in range(5)] == [f"t{topic}" for topic in range(5)]


def test_more_unanswerable_traffic_makes_answers_rarer(
    world: World, known: tuple[list[Wording], list[Encoding]], fitted: Fitted
) -> None:
    full = fitted.at_share(0.7, "given")
    assert full.thresholds.share == 0.7
    assert full.thresholds.coverage <= fitted.thresholds.coverage
    question = world.ask(6)
    few = bound(known, fitted).rank(*question)
    many = bound(known, full).rank(*question)
    assert many.topics[0].confidence < few.topics[0].confidence
    assert full.at_share(fitted.thresholds.share, "default").thresholds.answer == pytest.approx(
        fitted.thresholds.answer
    )


def test_the_share_comes_from_labels_where_there_are_any(
    world: World, known: tuple[list[Wording], list[Encoding]]
) -> None:
    topics = [3] * 5 + [7] * 35 + [12, 13, 14, 15] * 40
    asked = [world.ask(topic) for topic in topics]
    gold = [frozenset({f"t{topic}"}) if topic < 12 else frozenset() for topic in topics]
    labels = [Labelled(text, encoding, right) for (text, encoding), right in zip(asked, gold, strict=True)]
    labelled = fit(*known, prior=shipped_prior("generic"), real=RealQuestions(labelled=labels))
    assert labelled.thresholds.share_source == "labelled"
    # 160 of 200 have no answer, and twenty more of which a quarter has none keep a few labels from saying too much.
    assert labelled.thresholds.share == pytest.approx(165 / 220)
    assert labelled.thresholds.ece is not None
    assert labelled.thresholds.ece < 0.1


def _told(world: World, wrong: bool, answerable: int, others: int) -> list[Labelled]:
    """Customers' clicks: on what they asked about, or each time on the topic beside it."""
    topics = [topic % 12 for topic in range(answerable)]
    asked = [(topic, world.ask(topic)) for topic in topics]
    clicked = [Labelled(text, encoding, frozenset({f"t{(topic + wrong) % 12}"})) for topic, (text, encoding) in asked]
    return clicked + [Labelled(*world.ask(12 + number % 4), frozenset()) for number in range(others)]


def test_feedback_tells_how_far_confidence_can_be_believed(
    world: World, known: tuple[list[Wording], list[Encoding]], fitted: Fitted
) -> None:
    question = world.ask(6)

    def confidence(told: list[Labelled]) -> float:
        learned = fit(*known, prior=shipped_prior("generic"), real=RealQuestions(feedback=told))
        assert learned.thresholds.share_source == "default"
        # Nobody has reviewed it, so it moves no more than a tenth of the answers.
        assert abs(learned.thresholds.coverage - fitted.thresholds.coverage) <= 0.1 * fitted.thresholds.coverage
        return bound(known, learned).rank(*question).topics[0].confidence

    usual = bound(known, fitted).rank(*question).topics[0].confidence
    assert confidence(_told(world, wrong=True, answerable=40, others=10)) < usual
    assert confidence(_told(world, wrong=False, answerable=40, others=10)) > usual - 0.05
    # However many there are.
    assert confidence(_told(world, wrong=True, answerable=400, others=100)) > usual - 0.1
    # Four times "none of these" are too few to know how sure to be about that.
    assert confidence(_told(world, wrong=True, answerable=40, others=4)) == usual


def test_a_share_that_is_given_is_taken(known: tuple[list[Wording], list[Encoding]]) -> None:
    chosen = fit(*known, prior=shipped_prior("generic"), real=RealQuestions(unanswerable=0.1)).thresholds
    assert (chosen.share, chosen.share_source) == (0.1, "given")


def test_translations_share_a_topic() -> None:
    world = World(topics=4, seed=5)
    wordings, encodings = world.knowledge([2, 2, 2])
    translated = [Wording(f"{w.entry_id}.en" if i % 2 else w.entry_id, w.topic, w.text) for i, w in enumerate(wordings)]
    learned = fit(translated, encodings, prior=shipped_prior("generic"))
    ranking = bound((translated, encodings), learned).rank(*world.ask(1))
    assert sorted(topic.topic for topic in ranking.topics) == ["t0", "t1", "t2"]


def test_a_compressed_search_changes_no_ranking(
    world: World,
    known: tuple[list[Wording], list[Encoding]],
    fitted: Fitted,
    matcher: LearnedMatcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("faqbot.matching.search.dense_rows.COMPRESSED_FROM", 1)
    compressed = bound(known, fitted)
    for topic in range(16):
        question = world.ask(topic)
        full, found = matcher.rank(*question), compressed.rank(*question)
        assert [(t.topic, t.row) for t in found.topics] == [(t.topic, t.row) for t in full.topics]
        # Only the mean similarity to all topics is read from bytes, whose errors cancel out in it.
        assert [t.confidence for t in found.topics] == pytest.approx([t.confidence for t in full.topics], abs=2e-3)


def test_questions_that_are_read_in_small_groups_get_the_same_ranking(
    world: World, matcher: LearnedMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, encodings = zip(*[world.ask(topic) for topic in range(5)], strict=True)
    together = matcher.rank_many(texts, encodings)
    # 67 wordings: two questions at a time, then one
    monkeypatch.setattr("faqbot.matching.model.evidence._CELLS", 134)
    for one, other in zip(together, matcher.rank_many(texts, encodings), strict=True):
        assert [t.topic for t in one.topics] == [t.topic for t in other.topics]
        assert one.p_none == pytest.approx(other.p_none, abs=1e-5)

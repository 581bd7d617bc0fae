"""What every matcher promises. Subclass and give `learn` and `read`."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from faqbot.matching.model.matcher import MOST_TOPICS, Matcher
from faqbot.matching.search.index import WordingIndex
from tests.worlds import World

_TOPICS, _ELSEWHERE = 12, 4


class MatcherContract:
    """The claims of `faqbot.matching.model.matcher.Matcher`."""

    # What is kept may be rounded: by so much a confidence may change.
    rounding = 5e-3

    @staticmethod
    def learn(index: WordingIndex) -> Matcher:
        """Learn an index."""
        raise NotImplementedError

    @staticmethod
    def read(data: bytes, index: WordingIndex) -> Matcher:
        """Bind what `to_bytes` gave to an index."""
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def world(cls) -> World:
        return World(topics=_TOPICS + _ELSEWHERE, spread=0.4)

    @pytest.fixture(scope="class")
    @classmethod
    def index(cls, world: World) -> WordingIndex:
        return WordingIndex(*world.knowledge([1, 2, 3, 5, 5, 6, 6, 8, 8, 10, 10, 12]))

    @pytest.fixture(scope="class")
    @classmethod
    def matcher(cls, index: WordingIndex) -> Matcher:
        return cls.learn(index)

    def test_what_is_asked_for_comes_first(self, world: World, matcher: Matcher) -> None:
        asked = [topic for topic in range(_TOPICS) for _ in range(3)]
        found = [matcher.rank(*world.ask(topic)).topics[0].topic for topic in asked]
        assert np.mean([name == f"t{topic}" for name, topic in zip(found, asked, strict=True)]) > 0.9

    def test_questions_from_elsewhere_are_less_certain(self, world: World, matcher: Matcher) -> None:
        known = [matcher.rank(*world.ask(topic)).p_none for topic in range(_TOPICS) for _ in range(3)]
        unknown = [matcher.rank(*world.ask(_TOPICS + topic)).p_none for topic in range(_ELSEWHERE) for _ in range(9)]
        assert np.median(unknown) > np.median(known) + 0.2

    def test_a_ranking_is_one_distribution_best_first(self, world: World, matcher: Matcher) -> None:
        ranking = matcher.rank(*world.ask(3))
        confidences = [ranked.confidence for ranked in ranking.topics]
        assert len(confidences) == len({ranked.topic for ranked in ranking.topics}) == MOST_TOPICS
        assert confidences == sorted(confidences, reverse=True)
        assert sum(confidences) + ranking.p_none <= 1.0 + 1e-6
        assert all(0.0 <= confidence < 1.0 for confidence in confidences)
        assert 0.0 <= ranking.p_none <= 1.0

    def test_each_topic_comes_with_its_nearest_wording(
        self, world: World, matcher: Matcher, index: WordingIndex
    ) -> None:
        text, encoding = world.ask(6)
        products = index.vectors.dense @ encoding.dense
        for ranked in matcher.rank(text, encoding).topics:
            own = [row for row, wording in enumerate(index.wordings) if wording.topic == ranked.topic]
            assert ranked.row in own
        best = matcher.rank(text, encoding).topics[0]
        assert products[best.row] == pytest.approx(max(products[row] for row in range(len(index))), abs=0.2)

    def test_what_stands_beside_a_question_does_not_change_its_ranking(self, world: World, matcher: Matcher) -> None:
        asked = [world.ask(topic) for topic in (2, 13, 7, 11)]
        seen: list[tuple[int, int]] = []
        together = matcher.rank_many(
            [text for text, _ in asked],
            [encoding for _, encoding in asked],
            progress=lambda done, total: seen.append((done, total)),
        )
        assert seen[-1] == (4, 4)
        for one, (text, encoding) in zip(together, asked, strict=True):
            alone = matcher.rank(text, encoding)
            assert [t.topic for t in alone.topics] == [t.topic for t in one.topics]
            assert alone.p_none == pytest.approx(one.p_none, abs=1e-5)

    def test_nothing_asked_gives_nothing(self, matcher: Matcher) -> None:
        assert matcher.rank_many([], []) == []

    def test_only_allowed_topics_answer(self, world: World, matcher: Matcher) -> None:
        question = world.ask(4)
        assert matcher.rank(*question).topics[0].topic == "t4"
        among = matcher.rank(*question, allowed={"t1", "t2", "elsewhere"})
        assert {ranked.topic for ranked in among.topics} == {"t1", "t2"}
        nothing = matcher.rank(*question, allowed={"elsewhere"})
        assert (nothing.topics, nothing.p_none) == ((), 1.0)

    def test_reasons_add_up_to_the_confidence(self, world: World, matcher: Matcher) -> None:
        text, encoding = world.ask(5)
        ranking = matcher.rank(text, encoding)
        for ranked in ranking.topics[:3]:
            reasons = matcher.explain(text, encoding, ranked.topic)
            odds = sum(r.contribution for r in reasons.topic) - sum(r.contribution for r in reasons.none)
            assert math.exp(odds) == pytest.approx(ranked.confidence / ranking.p_none, rel=1e-3)

    def test_reasons_have_names_for_programs_and_words_for_people(self, world: World, matcher: Matcher) -> None:
        reasons = matcher.explain(*world.ask(5), "t5")
        for part in (reasons.topic, reasons.none):
            assert len({reason.name for reason in part}) == len(part) >= 1
            assert all(" " in reason.meaning for reason in part)

    def test_a_topic_that_does_not_exist_cannot_be_explained(self, world: World, matcher: Matcher) -> None:
        with pytest.raises(KeyError):
            matcher.explain(*world.ask(5), "elsewhere")

    def test_more_unanswerable_traffic_lowers_every_confidence(self, world: World, matcher: Matcher) -> None:
        question = world.ask(6)
        before, thresholds = matcher.rank(*question), matcher.thresholds
        full = matcher.at_share(0.7, "traffic")
        after = full.rank(*question)
        assert after.p_none > before.p_none
        assert after.topics[0].confidence < before.topics[0].confidence
        assert (full.thresholds.share, full.thresholds.share_source) == (0.7, "traffic")
        assert full.thresholds.coverage <= thresholds.coverage
        assert matcher.rank(*question) == before
        back = full.at_share(thresholds.share, thresholds.share_source)
        assert back.rank(*question).p_none == pytest.approx(before.p_none, abs=1e-6)
        assert back.thresholds.answer == pytest.approx(thresholds.answer)

    def test_what_was_kept_ranks_as_what_was_learned(self, world: World, matcher: Matcher, index: WordingIndex) -> None:
        kept = self.read(matcher.to_bytes(), index)
        assert kept.thresholds == matcher.thresholds
        for topic in (4, 9, 14):
            question = world.ask(topic)
            one, other = kept.rank(*question), matcher.rank(*question)
            assert [t.topic for t in one.topics[:1]] == [t.topic for t in other.topics[:1]]
            assert one.topics[0].confidence == pytest.approx(other.topics[0].confidence, abs=self.rounding)

    def test_other_wordings_than_those_learned_from_are_refused(self, matcher: Matcher, index: WordingIndex) -> None:
        rest = range(1, len(index))
        fewer = WordingIndex(index.wordings[1:], [index.vectors[row] for row in rest])
        with pytest.raises(ValueError, match="fit again"):
            self.read(matcher.to_bytes(), fewer)

    @pytest.mark.parametrize("data", [b"", b"something else", b"PK\x05\x06" + bytes(18)])
    def test_bytes_that_are_something_else_are_refused(self, index: WordingIndex, data: bytes) -> None:
        with pytest.raises(ValueError, match=r"\."):
            self.read(data, index)

    @pytest.mark.parametrize("sizes", [[1], [3], [1, 1], [20, 1]])
    def test_the_smallest_knowledge_bases_work(self, sizes: list[int]) -> None:
        world = World(topics=len(sizes) + 1, seed=3)
        matcher = self.learn(WordingIndex(*world.knowledge(sizes)))
        ranking = matcher.rank(*world.ask(0))
        assert ranking.topics[0].topic == "t0"
        assert matcher.thresholds.cautious

    def test_threads_may_share_one(self, world: World, matcher: Matcher) -> None:
        asked = [world.ask(topic) for topic in range(_TOPICS)] * 4
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda question: matcher.rank(*question), asked))
        assert found == [matcher.rank(*question) for question in asked]

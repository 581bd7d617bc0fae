"""Two matchers stand behind one door."""

from __future__ import annotations

from faqbot.matching.model.learned_matcher import LearnedMatcher
from faqbot.matching.model.learning import fit
from faqbot.matching.model.prior import shipped_prior
from faqbot.matching.search.index import WordingIndex
from tests.contracts.cosine_matcher import CosineMatcher
from tests.contracts.matcher import MatcherContract


class TestLearnedMatcher(MatcherContract):
    @staticmethod
    def learn(index: WordingIndex) -> LearnedMatcher:
        return LearnedMatcher(index, fit(index.wordings, index.vectors, prior=shipped_prior("generic")))

    @staticmethod
    def read(data: bytes, index: WordingIndex) -> LearnedMatcher:
        return LearnedMatcher.from_bytes(data, index)


class TestCosineMatcher(MatcherContract):
    @staticmethod
    def learn(index: WordingIndex) -> CosineMatcher:
        return CosineMatcher.learn(index)

    @staticmethod
    def read(data: bytes, index: WordingIndex) -> CosineMatcher:
        return CosineMatcher.from_bytes(data, index)

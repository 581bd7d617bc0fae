"""The one function that decides, for customers, tests and evaluation alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np

from faqbot.encoder.encoding import Encoding
from faqbot.knowledge import clean
from faqbot.matching.decision.dempster import dempster_rule
from faqbot.matching.decision.learned_bytes import pack
from faqbot.matching.decision.verdict import Bounds, Verdict, decide
from faqbot.matching.model.matcher import Matcher, Ranking
from faqbot.matching.model.thresholds import Thresholds
from faqbot.matching.passages.search import PassageSearch
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.match import FoundPassage, Match
from faqbot.matching.search.mode_ranking import ModeRanker
from faqbot.matching.search.scoring import Mode, Scale
from faqbot.matching.spelling.respelling import Respeller

# Prose mentions much that it does not answer: its opinion is discounted (Shafer 1976) against that of the questions.
_PASSAGE_RELIABILITY = 0.8

NOT_RANKED = Ranking((), 0.0)
"""Stands for the ranking of an exact wording that nobody asked the rest of: something fits, for certain."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the matching core needs it.

    Attributes:
        text: Cleaned, as the customer wrote it.
        spelt: The same as the knowledge base would spell it; what was encoded.
        encoding: Of `spelt`, so two questions that read the same are equal without it.
    """

    text: str
    spelt: str
    encoding: Encoding = field(compare=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of a question.

    Attributes:
        matches: Best first, one per topic.
        verdict: What customers get.
        ranking: What the matcher made of it; `NOT_RANKED` where exact wordings were all that was wanted.
    """

    matches: tuple[Match, ...]
    verdict: Verdict
    ranking: Ranking


class Decider:
    """Decides over one published version. Immutable, so threads may share it."""

    def __init__(
        self, index: WordingIndex, matcher: Matcher, scale: Scale, passages: PassageSearch | None = None
    ) -> None:
        """Put together what decides.

        Args:
            index: The version's wordings.
            matcher: Learned from them.
            scale: Of the model.
            passages: Searched where the wordings alone give no answer; None where no answer is long.
        """
        self.index = index
        self.matcher = matcher
        self.ranker = ModeRanker(index, scale)
        self.passages = passages
        self._first_rows: dict[str, int] = {}
        for row, wording in enumerate(index.wordings):
            self._first_rows.setdefault(wording.entry_id, row)
        self._respeller = Respeller([wording.text for wording in index.wordings])

    @property
    def thresholds(self) -> Thresholds:
        """What was learned about the questions' confidence, with its record."""
        return self.matcher.thresholds

    @property
    def bounds(self) -> Bounds:
        """The thresholds that were learned."""
        passage = self.passages.learned.thresholds.answer if self.passages else 1.0
        return Bounds(self.thresholds.answer, self.thresholds.suggest, passage)

    def at_share(self, share: float) -> Decider:
        """The same decider where traffic has shown another share of unanswerable questions; nothing is copied."""
        other = copy(self)
        other.matcher = self.matcher.at_share(share, "traffic")
        return other

    def to_bytes(self) -> bytes:
        """What was learned, to be kept beside the version; `learned_bytes.unpack` reads it."""
        return pack(self.matcher, self.passages.learned if self.passages else None)

    def prepare(self) -> None:
        """Do what may be done after the start: work out how the wordings sound. The first question does it else."""
        self._respeller.prepare()

    def spell(self, text: str) -> str:
        """The text as the knowledge base would spell it: simplified for traditional, characters for pinyin."""
        return spell(self._respeller, text)

    def stored(self, text: str) -> Encoding | None:
        """The vectors of a wording that is the same text; None where there is none.

        Args:
            text: Cleaned.
        """
        rows = (row for row in self.index.exact(text) if clean(self.index.wordings[row].text) == text)
        row = next(rows, None)
        return None if row is None else self.index.vectors[row]

    def judge(
        self,
        question: Question,
        bounds: Bounds,
        *,
        mode: Mode = "hybrid",
        candidates: int = 100,
        suggestions: int = 5,
        allowed: Collection[str] | None = None,
        hidden: Collection[str] = frozenset(),
        ranking: Ranking | None = None,
    ) -> Judgement:
        """Rank the topics and let the verdict fall.

        The matcher ranks in mode `hybrid`; the other modes rank by their own score. The confidence is the matcher's
        probability in every mode, and 1 for an exact wording; where those are as many as the suggestions that are
        wanted, nothing else is ranked. Where there is no answer, mode `hybrid` also searches the passages of long
        answers.

        Args:
            question: What is asked.
            bounds: The thresholds to apply.
            mode: `dense`, `sparse`, `colbert` or `hybrid`.
            candidates: Wordings that a mode other than hybrid scores in full, per first stage: by the dense vectors and
                by the lexical weights. Mode `hybrid` compares every wording.
            suggestions: Suggestions at most.
            allowed: Topics that may answer; None for all.
            hidden: Entries whose passages may not be shown.
            ranking: The matcher's ranking where it is known already, from `Matcher.rank_many`.
        """
        matches = self._exact(question, allowed)
        if ranking is None and len(matches) >= suggestions:
            ranking = NOT_RANKED
        else:
            ranking = ranking or self.matcher.rank(question.spelt, question.encoding, allowed=allowed)
            ranked = self._ranked(question, ranking)
            if mode != "hybrid":
                ranked = self._by_mode(question, mode, candidates, allowed, ranked)
            certain = {match.wording.topic for match in matches}
            matches += [match for match in ranked if match.wording.topic not in certain]
        verdict = decide(matches, bounds, suggestions)
        if self.passages and mode == "hybrid" and verdict.name != "answer":
            found = self.passages.find(question.encoding, allowed=allowed, hidden=hidden)
            matches = self._with_passages(question, matches, found, bounds.suggest)
            verdict = decide(matches, bounds, suggestions)
        return Judgement(tuple(matches), verdict, ranking)

    def _ranked(self, question: Question, ranking: Ranking) -> list[Match]:
        if not ranking.topics:
            return []
        matches = self.ranker.matches(question.encoding, np.array([topic.row for topic in ranking.topics]))
        return [
            replace(match, confidence=topic.confidence) for match, topic in zip(matches, ranking.topics, strict=True)
        ]

    def _with_passages(
        self, question: Question, matches: Sequence[Match], found: Sequence[FoundPassage], least: float
    ) -> list[Match]:
        """The matches where passages have their say too, the likeliest first.

        A passage that would not be worth a suggestion changes nothing, and what was worth one before stays so.
        """
        known = {match.wording.topic: match for match in matches}
        asked = {topic: match.confidence for topic, match in known.items()}
        unsaid = 1.0 - sum(asked.values())
        told = {one.passage.topic: one for one in found}
        opinion = {topic: _PASSAGE_RELIABILITY * one.probability for topic, one in told.items()}
        opinion = {topic: p for topic, p in opinion.items() if (asked.get(topic, 0.0) + unsaid) * p >= least}
        if not opinion:
            return list(matches)
        beliefs = dempster_rule(asked, opinion)
        for topic in opinion:
            match, one = known.get(topic), told[topic]
            if match is None or match.wording.entry_id != one.passage.entry_id:
                match = self.ranker.matches(question.encoding, np.array([self._first_rows[one.passage.entry_id]]))[0]
            known[topic] = replace(match, passage=one)
        together = [
            replace(match, confidence=max(beliefs[topic], min(asked.get(topic, 0.0), least)))
            for topic, match in known.items()
        ]
        return sorted(together, key=lambda match: -match.confidence)

    def _by_mode(
        self,
        question: Question,
        mode: Mode,
        candidates: int,
        allowed: Collection[str] | None,
        learned: Sequence[Match],
    ) -> list[Match]:
        known = {match.wording.topic: match.confidence for match in learned}
        ranked = self.ranker.rank(question.encoding, mode=mode, candidates=candidates, allowed=allowed)
        return [replace(match, confidence=known.get(match.wording.topic, 0.0)) for match in ranked]

    def _exact(self, question: Question, allowed: Collection[str] | None) -> list[Match]:
        """The topics of which the question is a wording."""
        rows: dict[str, int] = {}
        # What is a wording once it is spelt as the knowledge base spells it, is that wording.
        for row in self.index.exact(question.text) or self.index.exact(question.spelt):
            topic = self.index.wordings[row].topic
            if allowed is None or topic in allowed:
                rows.setdefault(topic, row)
        if not rows:
            return []
        found = self.ranker.matches(question.encoding, np.array(list(rows.values())))
        return [replace(match, confidence=1.0, exact=True) for match in found]


def spell(respeller: Respeller, text: str) -> str:
    """The text as a knowledge base would spell it, or as it is where nothing has to change."""
    respelling = respeller.respell(text)
    return respelling.text if respelling else text


def strongest(judgements: Sequence[Judgement], *, by_score: bool) -> list[Match]:
    """One match per topic, the best of several judgements, best first, each with the best passage of any.

    Args:
        judgements: Of the parts of one text; at least one.
        by_score: Whether the scores of a mode rank, or the confidence.
    """
    if len(judgements) == 1:
        return list(judgements[0].matches)

    def rank(match: Match) -> tuple[float, str]:
        return (-match.score if by_score else -match.confidence, match.wording.topic)

    best: dict[str, Match] = {}
    for match in sorted((match for judgement in judgements for match in judgement.matches), key=rank):
        found = best.setdefault(match.wording.topic, match)
        if match.passage and not found.passage:
            best[match.wording.topic] = replace(found, passage=match.passage)
    return list(best.values())

"""Long answers as a second field: which passage may hold what no question of the knowledge base asks.

A passage is scored in the three modes like a wording. Its probability comes from a conditional logit over the topics'
best passages and "none of them", as that of the questions does, with two kinds of evidence only: what tells a passage
that answers from one that is merely about the same thing is learned from few examples.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from faqbot.encoder.encoding import Encoding
from faqbot.encoder.stacked import Encodings
from faqbot.matching.model.conditional_logit import probabilities
from faqbot.matching.model.matcher import MOST_TOPICS
from faqbot.matching.passages.model import LearnedPassages
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.match import FoundPassage, Match
from faqbot.matching.search.mode_ranking import ModeRanker
from faqbot.matching.search.scoring import Scale
from faqbot.passages import Passage

# Passages that are scored in full, per first stage.
_CANDIDATES = 50


class PassageSearch:
    """The passages of one published version. Immutable, so threads may share it."""

    def __init__(
        self, passages: Sequence[Passage], encodings: Encodings, scale: Scale, learned: LearnedPassages
    ) -> None:
        """Build the index.

        Args:
            passages: At least one.
            encodings: One per passage, of its `wording`.
            scale: Of the model.
            learned: From these passages.
        """
        self.learned = learned
        self.entry_ids = frozenset(passage.entry_id for passage in passages)
        self._passages = tuple(passages)
        self._ranker = ranker_of(passages, encodings, scale)

    def find(
        self, question: Encoding, *, allowed: Collection[str] | None = None, hidden: Collection[str] = ()
    ) -> tuple[FoundPassage, ...]:
        """The best passage of each of the nearest topics, the likeliest first.

        Args:
            question: Its encoding.
            allowed: Topics that may answer; None for all.
            hidden: Entries that may not.

        Returns:
            At most ten; their probabilities add up to less than 1.
        """
        matches = nearest(self._ranker, question, allowed=allowed, hidden=hidden)[:MOST_TOPICS]
        beliefs = probabilities(self.learned.model.logits(matches)[None, :])[0]
        found = [
            FoundPassage(self._passages[match.row], match.scores, match.score, float(belief))
            for match, belief in zip(matches, beliefs[:-1], strict=True)
        ]
        return tuple(sorted(found, key=lambda one: (-one.probability, one.passage.topic)))


def ranker_of(passages: Sequence[Passage], encodings: Encodings, scale: Scale) -> ModeRanker:
    """The passages as rows of an index."""
    return ModeRanker(WordingIndex([passage.wording for passage in passages], encodings), scale)


def nearest(
    ranker: ModeRanker, question: Encoding, *, allowed: Collection[str] | None = None, hidden: Collection[str] = ()
) -> list[Match]:
    """One match per topic through its best passage by hybrid score, best first; without a confidence."""
    wordings = ranker.index.wordings
    rows = [
        row
        for row in ranker.index.candidates(question, _CANDIDATES)
        if (allowed is None or wordings[row].topic in allowed) and wordings[row].entry_id not in hidden
    ]
    best: dict[str, Match] = {}
    for match in ranker.matches(question, np.array(rows, dtype=np.intp)) if rows else ():
        topic = match.wording.topic
        if topic not in best or match.score > best[topic].score:
            best[topic] = match
    return sorted(best.values(), key=lambda match: (-match.score, match.wording.topic))

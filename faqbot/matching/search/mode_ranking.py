"""Ranking topics by one mode's score, or by the weighted sum of all three."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.match import Match
from faqbot.matching.search.scoring import Mode, ModeWeights, Scale, lexical_norm


class ModeRanker:
    """Ranks the topics of one index; holds no state of its own, so threads may share it."""

    def __init__(self, index: WordingIndex, scale: Scale, weights: ModeWeights | None = None) -> None:
        """Bind an index to the scale of its model."""
        self.index = index
        self.scale = scale
        self.weights = weights or ModeWeights()

    def rank(
        self,
        question: Encoding,
        *,
        mode: Mode,
        candidates: int = 100,
        allowed: Collection[str] | None = None,
    ) -> list[Match]:
        """Rank topics for a question, best first.

        Args:
            question: Its encoding.
            mode: `dense`, `sparse`, `colbert` or `hybrid` (the weighted sum).
            candidates: Wordings that are scored in full, per first stage.
            allowed: Topics that may answer; None for all.

        Returns:
            One match per topic through its best wording, by score, then topic; without a confidence.
        """
        rows = self.index.candidates(question, candidates)
        if allowed is not None:
            rows = np.array([row for row in rows if self.index.wordings[row].topic in allowed], dtype=rows.dtype)
        if not len(rows):
            return []
        best: dict[str, Match] = {}
        for match in self.matches(question, rows, mode):
            topic = match.wording.topic
            if topic not in best or match.score > best[topic].score:
                best[topic] = match
        return sorted(best.values(), key=lambda match: (-match.score, match.wording.topic))

    def matches(self, question: Encoding, rows: npt.NDArray[np.intp], mode: Mode = "hybrid") -> list[Match]:
        """The question against some wordings of the index, one match each, in the order of `rows`."""
        found = self.index.score(question, rows)
        norm = lexical_norm(question.lexical_weights)
        matches = []
        for position, row in enumerate(found.rows):
            raw = found.at(position)
            scores = self.scale.normalise(raw, norm, float(self.index.lexical_norms[row]))
            score = self.weights.combine(scores) if mode == "hybrid" else float(getattr(scores, mode))
            matches.append(Match(self.index.wordings[row], int(row), scores, raw, score, confidence=0.0))
        return matches

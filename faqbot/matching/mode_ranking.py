"""From a question's encoding to ranked entries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from faqbot.encoder.encoding import Encoding
from faqbot.matching.confidence import confidence_of
from faqbot.matching.index import WordingIndex, WordingScores
from faqbot.matching.match import Match
from faqbot.matching.scoring import Mode, ModeWeights, Scale, lexical_norm


class ModeRanker:
    """Ranks the topics of one index; holds no state of its own, so threads may share it."""

    def __init__(self, index: WordingIndex, scale: Scale, weights: ModeWeights | None = None) -> None:
        """Bind an index to the scale of its model."""
        self.index = index
        self.scale = scale
        self.weights = weights or ModeWeights()

    def rank(
        self,
        text: str,
        question: Encoding,
        *,
        mode: Mode = "hybrid",
        candidates: int = 100,
        allowed: Collection[str] | None = None,
    ) -> list[Match]:
        """Rank topics for a question, best first.

        Args:
            text: The question, for exact matches.
            question: Its encoding.
            mode: `dense`, `sparse`, `colbert` or `hybrid`.
            candidates: Wordings that are scored in full, per first stage.
            allowed: Topics that may answer; None for all.

        Returns:
            One match per topic, by confidence, then score, then topic. Exact wordings come first with confidence 1.
        """
        rows = self.index.candidates(question, candidates)
        rows = np.union1d(rows, np.array(self.index.exact(text), dtype=rows.dtype))
        if allowed is not None:
            rows = np.array([row for row in rows if self.index.wordings[row].topic in allowed], dtype=rows.dtype)
        if not len(rows):
            return []
        best = self._best_per_topic(question, self.index.score(question, rows), mode)
        exact = {self.index.wordings[row].topic for row in self.index.exact(text)}
        return _with_confidence(best, exact)

    def _best_per_topic(self, question: Encoding, found: WordingScores, mode: Mode) -> list[Match]:
        norm = lexical_norm(question.lexical_weights)
        best: dict[str, Match] = {}
        for position, row in enumerate(found.rows):
            raw = found.at(position)
            scores = self.scale.normalise(raw, norm, float(self.index.lexical_norms[row]))
            score = self.weights.combine(scores) if mode == "hybrid" else float(getattr(scores, mode))
            wording = self.index.wordings[row]
            if wording.topic not in best or score > best[wording.topic].score:
                best[wording.topic] = Match(wording, int(row), scores, raw, score, confidence=0.0)
        return sorted(best.values(), key=lambda match: (-match.score, match.wording.topic))


def _with_confidence(matches: list[Match], exact: Collection[str]) -> list[Match]:
    scores = [match.score for match in matches] + [0.0]
    judged = []
    for place, match in enumerate(matches):
        margin = match.score - scores[1 if place == 0 else 0]
        is_exact = match.wording.topic in exact
        confidence = 1.0 if is_exact else confidence_of(match.score, max(0.0, margin))
        judged.append(replace(match, confidence=confidence, exact=is_exact))
    return sorted(judged, key=lambda match: (-match.confidence, -match.score, match.wording.topic))

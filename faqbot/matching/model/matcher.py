"""From a question's encoding to topics with the probability that each answers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from faqbot.encoder.encoding import Encoding
from faqbot.encoder.stacked import Encodings
from faqbot.knowledge import Wording
from faqbot.matching.model.conditional_logit import probabilities
from faqbot.matching.model.evidence import FEATURES, QUESTION_FEATURES, Evidence, EvidenceSource, Texts
from faqbot.matching.model.fitted import Fitted, topics_of
from faqbot.matching.model.thresholds import ShareSource
from faqbot.matching.search.dense_rows import DenseRows

_BATCH = 128


@dataclass(frozen=True, slots=True)
class RankedTopic:
    """One topic that may answer the question.

    Attributes:
        topic: As in `Wording.topic`.
        wording: Index of its nearest wording by cosine.
        confidence: Probability that the topic answers the question, 0..1 and never quite 1.
        logit: Log-odds weight of the topic; the sum of `contributions`.
        dense: Cosine of the nearest wording.
        colbert: MeanMaxSim of the nearest wording.
        evidence: Value of each of `FEATURES`.
        contributions: What each of them added to the logit.
    """

    topic: str
    wording: int
    confidence: float
    logit: float
    dense: float
    colbert: float
    evidence: dict[str, float]
    contributions: dict[str, float]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer to "which topic, if any".

    Attributes:
        topics: Best first; with `p_none` their confidences add up to at most 1.
        p_none: Probability that nothing fits.
        none_logit: Log-odds weight of that; the sum of `none_contributions`.
        none_contributions: What each of `QUESTION_FEATURES` added to it.
    """

    topics: tuple[RankedTopic, ...]
    p_none: float
    none_logit: float
    none_contributions: dict[str, float]


class Matcher:
    """Ranks the topics of one published version. Immutable, so threads may share it."""

    def __init__(self, wordings: Sequence[Wording], encodings: Encodings, fitted: Fitted) -> None:
        """Bind what was fitted to the wordings it was fitted on.

        Raises:
            ValueError: The wordings are not those that `fitted` was learned from.
        """
        fitted.check(wordings)
        self.fitted = fitted
        self._names, topics = topics_of(wordings)
        self._places = {name: place for place, name in enumerate(self._names)}
        known = Texts.of([wording.text for wording in wordings], encodings)
        self._source = EvidenceSource(known, topics, fitted.metric, fitted.method, fitted.matchers)

    @property
    def dense(self) -> DenseRows:
        """The wordings' dense vectors."""
        return self._source.dense

    def at_share(self, share: float, source: ShareSource) -> Matcher:
        """The same matcher where another share of the questions is unanswerable; nothing is fitted or copied."""
        other = copy(self)
        other.fitted = self.fitted.at_share(share, source)
        return other

    def rank(self, text: str, encoding: Encoding, *, limit: int = 5, allowed: Collection[str] | None = None) -> Ranking:
        """Rank the topics for one question.

        Args:
            text: The question as it was encoded.
            encoding: Of the text.
            limit: Topics at most; no more than 10 are ever given.
            allowed: Topics that may answer; None for all.
        """
        places = None
        if allowed is not None:
            places = np.array(sorted(self._places[name] for name in allowed if name in self._places), dtype=np.intp)
            if not len(places):
                return Ranking((), 1.0, 0.0, {})
        evidence = self._source.read(Texts.of([text], [encoding]), places)
        return self._rankings(evidence, limit)[0]

    def rank_many(
        self,
        texts: Sequence[str],
        encodings: Sequence[Encoding],
        *,
        limit: int = 5,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Ranking]:
        """`rank` for many questions; what stands beside a question never changes its ranking beyond rounding."""
        rankings: list[Ranking] = []
        for start in range(0, len(texts), _BATCH):
            part = slice(start, start + _BATCH)
            rankings += self._rankings(self._source.read(Texts.of(texts[part], encodings[part])), limit)
            if progress:
                progress(len(rankings), len(texts))
        return rankings

    def _rankings(self, evidence: Evidence, limit: int) -> list[Ranking]:
        model = self.fitted.model
        logits = model.logits(evidence)
        beliefs = probabilities(logits)
        found = []
        for row in range(len(logits)):
            order = np.argsort(-logits[row, :-1], kind="stable")[:limit]
            topics = tuple(self._topic(evidence, logits, beliefs, row, int(place)) for place in order)
            parts = evidence.question_features[row].astype(np.float64) * model.none
            none = dict(zip(QUESTION_FEATURES, parts.tolist(), strict=True))
            found.append(Ranking(topics, float(beliefs[row, -1]), float(logits[row, -1]), none))
        return found

    def _topic(self, evidence: Evidence, logits: np.ndarray, beliefs: np.ndarray, row: int, place: int) -> RankedTopic:
        values = evidence.topic_features[row, place].astype(np.float64)
        return RankedTopic(
            topic=self._names[evidence.topics[row, place]],
            wording=int(evidence.wordings[row, place]),
            confidence=min(float(beliefs[row, place]), 1.0 - 1e-6),
            logit=float(logits[row, place]),
            dense=float(evidence.dense[row, place]),
            colbert=float(evidence.colbert[row, place]),
            evidence=dict(zip(FEATURES, values.tolist(), strict=True)),
            contributions=dict(zip(FEATURES, (values * self.fitted.model.topic).tolist(), strict=True)),
        )

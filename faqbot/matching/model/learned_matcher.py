"""The matcher that is learned from a knowledge base's own wordings: evidence, weighed by a conditional logit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import copy

import numpy as np

from faqbot.encoder.encoding import Encoding
from faqbot.matching.model.conditional_logit import probabilities
from faqbot.matching.model.evidence import Evidence, EvidenceSource
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, Table
from faqbot.matching.model.fitted import Fitted, Labelled, labelled_texts, topics_of
from faqbot.matching.model.matcher import RankedTopic, Ranking, Reason, Reasons
from faqbot.matching.model.thresholds import ShareSource, Thresholds
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.texts import NOTHING_FITS, Texts

_BATCH = 128
# However sure: only an exact wording is certain.
_SUREST = 1.0 - 1e-6


class LearnedMatcher:
    """Implements `faqbot.matching.model.matcher.Matcher`, where the methods are described in full."""

    def __init__(self, index: WordingIndex, fitted: Fitted, labelled: Sequence[Labelled] = ()) -> None:
        """Bind what was fitted to what it was fitted on.

        Args:
            index: The wordings.
            fitted: To these and to the labelled questions.
            labelled: Questions with their topics.

        Raises:
            ValueError: `fitted` was learned from other wordings or labelled questions.
        """
        fitted.check(index.wordings, labelled)
        self._fitted = fitted
        self._names, topics = topics_of(index.wordings)
        self._places = {name: place for place, name in enumerate(self._names)}
        known = Texts.of([wording.text for wording in index.wordings], index.vectors)
        self._source = EvidenceSource(
            known,
            topics,
            fitted.metric,
            fitted.method,
            fitted.classifiers,
            index.dense,
            labelled_texts(labelled, self._names),
        )

    @classmethod
    def from_bytes(cls, data: bytes, index: WordingIndex, labelled: Sequence[Labelled] = ()) -> LearnedMatcher:
        """The inverse of `to_bytes`; the wordings and labelled questions are kept elsewhere.

        Raises:
            ValueError: The bytes are something else, or were learned from other evidence, wordings or labels.
        """
        return cls(index, Fitted.from_bytes(data), labelled)

    def to_bytes(self) -> bytes:
        """Everything that was learned."""
        return self._fitted.to_bytes()

    @property
    def thresholds(self) -> Thresholds:
        """What was learned, at the share of unanswerable questions that is assumed now."""
        return self._fitted.thresholds

    def at_share(self, share: float, source: ShareSource) -> LearnedMatcher:
        """Nothing is fitted or copied."""
        other = copy(self)
        other._fitted = self._fitted.at_share(share, source)
        return other

    def rank(self, text: str, encoding: Encoding, *, allowed: Collection[str] | None = None) -> Ranking:
        """Rank the topics for one question."""
        places = None
        if allowed is not None:
            places = np.array(sorted(self._places[name] for name in allowed if name in self._places), dtype=np.intp)
            if not len(places):
                return Ranking((), 1.0)
        return self._rankings(self._source.read(Texts.of([text], [encoding]), places))[0]

    def rank_many(
        self,
        texts: Sequence[str],
        encodings: Sequence[Encoding],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Ranking]:
        """`rank` for many questions, 128 at a time."""
        rankings: list[Ranking] = []
        for start in range(0, len(texts), _BATCH):
            part = slice(start, start + _BATCH)
            rankings += self._rankings(self._source.read(Texts.of(texts[part], encodings[part])))
            if progress:
                progress(len(rankings), len(texts))
        return rankings

    def explain(self, text: str, encoding: Encoding, topic: str) -> Reasons:
        """Collects the evidence for this topic once more."""
        place = np.array([self._places[topic]], dtype=np.intp)
        asked = Texts.of([text], [encoding])
        evidence = self._source.read(asked, place)
        model = self._fitted.model
        return Reasons(
            topic=_reasons(CANDIDATE_FEATURES, evidence.candidates[0, 0], model.topic),
            none=_reasons(QUESTION_FEATURES, evidence.questions[0], model.none),
            labelled=self._source.labelled_as(asked, int(place[0])),
            labelled_none=self._source.labelled_as(asked, NOTHING_FITS),
        )

    def _rankings(self, evidence: Evidence) -> list[Ranking]:
        logits = self._fitted.model.logits(evidence)
        beliefs = probabilities(logits)
        order = np.argsort(-logits[:, :-1], axis=1, kind="stable")
        return [
            Ranking(
                tuple(
                    RankedTopic(
                        self._names[evidence.topics[row, place]],
                        int(evidence.wordings[row, place]),
                        min(float(beliefs[row, place]), _SUREST),
                    )
                    for place in order[row]
                ),
                float(beliefs[row, -1]),
            )
            for row in range(len(beliefs))
        ]


def _reasons(features: Table, values: np.ndarray, weights: np.ndarray) -> tuple[Reason, ...]:
    return tuple(
        Reason(feature.name, feature.meaning, float(value), float(value) * float(weight))
        for feature, value, weight in zip(features, values, weights, strict=True)
    )

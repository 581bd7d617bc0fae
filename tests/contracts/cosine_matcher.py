"""A second matcher behind the door: the nearest wording's cosine, with thresholds learned from held-out wordings."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from scipy.special import softmax

from faqbot.encoder.encoding import Encoding
from faqbot.matching.model.fitted import checksum_of, topics_of
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, log_odds
from faqbot.matching.model.matcher import MOST_TOPICS, RankedTopic, Ranking, Reason, Reasons
from faqbot.matching.model.thresholds import Sample, ShareSource, Thresholds, choose_thresholds
from faqbot.matching.search.index import WordingIndex

_SHARPNESS = 15.0
_ARRAYS = ("confidence", "none", "right", "own", "answerable")
_NOTHING = Sample(*[np.zeros(0)] * 4, np.zeros(0, dtype=bool), "wordings", CAUTIOUS_SHARE)


class CosineMatcher:
    """Log-odds grow with the cosine; "nothing fits" weighs as much as a wording at the floor."""

    def __init__(self, index: WordingIndex, floor: float, sample: Sample, thresholds: Thresholds) -> None:
        self._index = index
        self._sample = sample
        self._names, self._topics = topics_of(index.wordings)
        self._floor = floor
        self._thresholds = thresholds

    @classmethod
    def learn(cls, index: WordingIndex, target: float = 0.95) -> CosineMatcher:
        """The floor lies where wordings meet other topics; the thresholds come from asking each wording of the rest."""
        names, topics = topics_of(index.wordings)
        cosines = index.vectors.dense @ index.vectors.dense.T
        other = topics[:, None] != topics
        floor = float(np.where(other, cosines, -1.0).max(axis=1).mean()) + 0.1 if len(names) > 1 else 0.3
        matcher = cls(index, floor, _NOTHING, choose_thresholds(_NOTHING, target, "default"))
        asked = np.flatnonzero(np.bincount(topics)[topics] > 1)
        np.fill_diagonal(cosines, -1.0)
        beliefs = np.array([matcher._beliefs(matcher._best(cosines[row])) for row in asked]).reshape(-1, len(names) + 1)
        best = beliefs[:, :-1].argmax(axis=1)
        sample = Sample(
            confidence=beliefs[:, :-1].max(axis=1, initial=0.0),
            none=beliefs[:, -1],
            right=(best == topics[asked]).astype(float),
            own=beliefs[np.arange(len(asked)), topics[asked]],
            answerable=np.ones(len(asked), dtype=bool),
            source="wordings",
            share=CAUTIOUS_SHARE,
        )
        return cls(index, floor, sample, choose_thresholds(sample, target, "default"))

    @classmethod
    def from_bytes(cls, data: bytes, index: WordingIndex) -> CosineMatcher:
        try:
            kept = json.loads(data)
        except ValueError as error:
            raise ValueError("These bytes are something else.") from error
        if kept["checksum"] != checksum_of(index.wordings):
            raise ValueError("These are other wordings; fit again.")
        arrays = {name: np.array(values) for name, values in kept["sample"].items()}
        sample = Sample(**arrays, source="wordings", share=kept["thresholds"]["share"])
        return cls(index, kept["floor"], sample, Thresholds.from_json(kept["thresholds"]))

    def to_bytes(self) -> bytes:
        kept: dict[str, Any] = {
            "floor": self._floor,
            "sample": {name: getattr(self._sample, name).tolist() for name in _ARRAYS},
            "thresholds": self._thresholds.to_json(),
            "checksum": checksum_of(self._index.wordings),
        }
        return json.dumps(kept).encode()

    @property
    def thresholds(self) -> Thresholds:
        return self._thresholds

    def at_share(self, share: float, source: ShareSource) -> CosineMatcher:
        sample = self._sample.at_share(share)
        thresholds = choose_thresholds(sample, self._thresholds.target_precision, source)
        return CosineMatcher(self._index, self._floor, sample, thresholds)

    def rank(self, text: str, encoding: Encoding, *, allowed: Collection[str] | None = None) -> Ranking:
        cosines = self._index.vectors.dense @ encoding.dense
        beliefs = self._beliefs(self._best(cosines))
        places = [
            place
            for place in np.argsort(-beliefs[:-1], kind="stable")
            if allowed is None or self._names[place] in allowed
        ][:MOST_TOPICS]
        if not places:
            return Ranking((), 1.0)
        found = tuple(self._ranked(place, cosines, beliefs) for place in places)
        return Ranking(found, float(beliefs[-1]))

    def rank_many(
        self,
        texts: Sequence[str],
        encodings: Sequence[Encoding],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Ranking]:
        found = [self.rank(text, encoding) for text, encoding in zip(texts, encodings, strict=True)]
        if progress:
            progress(len(found), len(texts))
        return found

    def explain(self, text: str, encoding: Encoding, topic: str) -> Reasons:
        if topic not in self._names:
            raise KeyError(topic)
        cosine = self._best(self._index.vectors.dense @ encoding.dense)[self._names.index(topic)]
        near = Reason("cosine", "cosine of the nearest wording", float(cosine), _SHARPNESS * float(cosine))
        odds = self._none()
        return Reasons((near,), (Reason("floor", "cosine of what has no answer", self._floor, odds),))

    def _ranked(self, place: int, cosines: np.ndarray, beliefs: np.ndarray) -> RankedTopic:
        own = np.flatnonzero(self._topics == place)
        row = int(own[cosines[own].argmax()])
        return RankedTopic(self._names[place], row, min(float(beliefs[place]), 1 - 1e-6))

    def _none(self) -> float:
        return _SHARPNESS * self._floor + log_odds(self._thresholds.share) - log_odds(CAUTIOUS_SHARE)

    def _best(self, cosines: np.ndarray) -> np.ndarray:
        best = np.full(len(self._names), -1.0)
        np.maximum.at(best, self._topics, cosines)
        return best

    def _beliefs(self, best: np.ndarray) -> np.ndarray:
        return np.asarray(softmax([*(_SHARPNESS * best), self._none()]))

"""What is learned from the long answers of one version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from faqbot.matching.model.conditional_logit import Vector
from faqbot.matching.model.thresholds import Thresholds
from faqbot.matching.search.match import Match
from faqbot.passages import Passage


@dataclass(frozen=True, slots=True)
class PassageModel:
    """The weights of the conditional logit.

    Attributes:
        dense: Of a passage's dense score, 0..1.
        colbert: Of its ColBERT score, 0..1.
        none: Log-odds weight of "no passage answers".
    """

    dense: float
    colbert: float
    none: float

    def logits(self, matches: Sequence[Match]) -> Vector:
        """Of each passage and, last, of "none"; shape (matches + 1,)."""
        found = [self.dense * one.scores.dense + self.colbert * one.scores.colbert for one in matches]
        return np.array([*found, self.none])


@dataclass(frozen=True, slots=True)
class LearnedPassages:
    """What was learned from one version's long answers.

    Attributes:
        model: Where half of the questions that no question of the knowledge base fits are answered by no passage.
        thresholds: `answer` is the probability from which a passage is answered with.
        checksum: Of the passages and their order.
    """

    model: PassageModel
    thresholds: Thresholds
    checksum: str

    def to_json(self) -> dict[str, Any]:
        """To be kept beside the version."""
        return {"model": asdict(self.model), "thresholds": self.thresholds.to_json(), "checksum": self.checksum}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LearnedPassages:
        """The inverse of `to_json`.

        Raises:
            KeyError: Something is missing.
            TypeError: The values are something else.
        """
        return cls(PassageModel(**values["model"]), Thresholds.from_json(values["thresholds"]), values["checksum"])


def checksum_of_passages(passages: Sequence[Passage]) -> str:
    """Changes with every passage, its entry, its place, and with their order."""
    digest = hashlib.sha256()
    for one in passages:
        digest.update(f"{one.entry_id}\0{one.topic}\0{one.start}\0{one.wording.text}\0".encode())
    return digest.hexdigest()

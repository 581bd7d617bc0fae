"""One topic that may answer a question."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.knowledge import Wording
from faqbot.matching.scoring import Scores


@dataclass(frozen=True, slots=True)
class Match:
    """One topic that may answer the question, through its best wording.

    Attributes:
        wording: The wording that matched best; its `topic` is what was matched.
        row: The wording's row in the index.
        scores: The three modes of that wording, each 0..1.
        raw: The same as the model defines them.
        score: The chosen mode's score, 0..1.
        confidence: Probability that the topic answers the question, 0..1.
        exact: Whether the question is one of the topic's wordings.
    """

    wording: Wording
    row: int
    scores: Scores
    raw: Scores
    score: float
    confidence: float
    exact: bool = False

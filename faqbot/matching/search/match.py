"""One topic that may answer a question."""

from __future__ import annotations

from dataclasses import dataclass

from faqbot.knowledge import Wording
from faqbot.matching.search.scoring import RawScores, Scores
from faqbot.passages import Passage


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """The passage of a topic's long answer that is nearest to the question.

    Attributes:
        passage: With its place in the answer.
        scores: The three modes of question and passage, each 0..1.
        score: Their weighted sum.
        probability: That the answer holds what is asked, where no question of the knowledge base asks it, 0..1.
    """

    passage: Passage
    scores: Scores
    score: float
    probability: float


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
        passage: The passage that the confidence owes something to; None where it is the wordings' alone.
    """

    wording: Wording
    row: int
    scores: Scores
    raw: RawScores
    score: float
    confidence: float
    exact: bool = False
    passage: FoundPassage | None = None

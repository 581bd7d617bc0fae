"""The door of this room: what decides, explains, serves and evaluates knows of a matcher no more than this.

`faqbot.matching.model.learned_matcher` stands behind it. Who wants another matcher writes a class with these members,
lets it pass `tests/contracts/matcher.py`, and names it where a knowledge base is learned and where a version is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from faqbot.encoder.encoding import Encoding
from faqbot.matching.model.thresholds import ShareSource, Thresholds

MOST_TOPICS = 10
"""Topics that are ranked at most; what lies behind the tenth is never the answer."""


@dataclass(frozen=True, slots=True)
class RankedTopic:
    """One topic that may answer the question.

    Attributes:
        topic: As in `Wording.topic`.
        row: Of its wording that is nearest to the question, in the index.
        confidence: Probability that the topic answers the question, 0..1 and never quite 1.
    """

    topic: str
    row: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer to "which topic, if any".

    Attributes:
        topics: Best first, at most `MOST_TOPICS`; with `p_none` their confidences add up to at most 1.
        p_none: Probability that nothing fits, 0..1.
    """

    topics: tuple[RankedTopic, ...]
    p_none: float

    def confidence_of(self, topic: str) -> float:
        """The confidence of a topic; 0 where it is not among the ranked."""
        return next((ranked.confidence for ranked in self.topics if ranked.topic == topic), 0.0)


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence.

    Attributes:
        name: Stable, for programs.
        meaning: For people, in English.
        value: What was measured.
        contribution: What it added, in log-odds.
    """

    name: str
    meaning: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class LabelledAs:
    """What people said of questions like the one that was asked.

    Attributes:
        question: The nearest one to which they gave this topic.
        similarity: How near that is: the cosine as seen from the knowledge base's centre.
        count: To how many they gave it.
    """

    question: str
    similarity: float
    count: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a topic is as likely as it is.

    The contributions to the topic less those to "nothing fits" add up to the logarithm of the topic's confidence over
    `Ranking.p_none`.

    Attributes:
        topic: What speaks for the topic.
        none: What speaks for "nothing fits".
        labelled: What people said that the topic answers; None where they said nothing.
        labelled_none: What they said that nothing answers; None likewise.
    """

    topic: tuple[Reason, ...]
    none: tuple[Reason, ...]
    labelled: LabelledAs | None = None
    labelled_none: LabelledAs | None = None


class Matcher(Protocol):
    """Says which topic a question asks for, and how sure that is. Immutable, so threads may share it."""

    @property
    def thresholds(self) -> Thresholds:
        """The confidences from which to answer and to suggest, with the record of how they were found."""

    def rank(self, text: str, encoding: Encoding, *, allowed: Collection[str] | None = None) -> Ranking:
        """Rank the topics for one question.

        Args:
            text: The question as it was encoded.
            encoding: Of the text.
            allowed: Topics that may answer; None for all. None of them, and nothing fits.
        """

    def rank_many(
        self,
        texts: Sequence[str],
        encodings: Sequence[Encoding],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Ranking]:
        """`rank` for many questions; what stands beside a question never changes its ranking beyond rounding.

        Args:
            texts: The questions as they were encoded.
            encodings: One per text.
            progress: Called with (questions ranked, questions in all).
        """

    def explain(self, text: str, encoding: Encoding, topic: str) -> Reasons:
        """What spoke for a topic when this question was ranked.

        Args:
            text: The question as it was encoded.
            encoding: Of the text.
            topic: Any topic of the knowledge base.

        Raises:
            KeyError: There is no such topic.
        """

    def at_share(self, share: float, source: ShareSource) -> Self:
        """The same matcher where another share of the questions is unanswerable; nothing is learned again.

        Args:
            share: 0..1.
            source: How that is known.
        """

    def to_bytes(self) -> bytes:
        """Everything that was learned, to be kept beside the version and bound to its wordings again."""

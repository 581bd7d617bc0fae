"""Which of the topics that every service desk hears a message is about, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import special

from faqbot.matching.model.linear_classifier import LinearClassifier, fit_logistic

Vectors = npt.NDArray[np.float32]

SHIPPED = Path(__file__).parent / "compact.npz"
"""Learned with the compact model, by `python -m training.fit_service_desk`."""

# Of the regression; between 10 and 100 the recall of held-out wordings moves by less than a point.
_STRENGTH = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """Learned from the topics' wordings, with everyday questions as what is none of them.

    Attributes:
        topics: Their names.
        centre: Mean of the everyday questions' vectors, shape (dimension,).
        classifier: Over centred unit vectors; its last class is "none of them".
        source: Tells which model's vectors of which texts it was learned from.
    """

    topics: tuple[str, ...]
    centre: Vectors
    classifier: LinearClassifier
    source: str

    def recognise(self, vectors: Vectors) -> list[tuple[str, float]]:
        """The likeliest topic of each text, and the probability that the text is about any of them, 0..1.

        Args:
            vectors: Dense, unit length, shape (texts, dimension).
        """
        logits = self.classifier.logits(_centred(vectors, self.centre))
        probabilities = special.softmax(logits.astype(np.float64), axis=1)
        best = probabilities[:, :-1].argmax(axis=1)
        return [(self.topics[topic], float(1.0 - none)) for topic, none in zip(best, probabilities[:, -1], strict=True)]

    def save(self, path: Path) -> None:
        """Write a compressed npz without pickles."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                allow_pickle=False,
                topics=np.array(self.topics),
                centre=self.centre,
                weights=self.classifier.weights,
                bias=self.classifier.bias,
                source=np.array(self.source),
            )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is something else.
            KeyError: It is something else.
        """
        with np.load(path, allow_pickle=False) as arrays:
            classifier = LinearClassifier(arrays["weights"], arrays["bias"])
            return cls(tuple(arrays["topics"].tolist()), arrays["centre"], classifier, str(arrays["source"]))


def learn(names: Sequence[str], wordings: Vectors, everyday: Vectors, source: str) -> Recogniser:
    """Learn to tell the topics apart, and from everyday questions.

    Args:
        names: The topic of each wording.
        wordings: Dense vectors, unit length, shape (wordings, dimension).
        everyday: Of questions that are about none of the topics, shape (questions, dimension).
        source: See `Recogniser`.
    """
    topics = tuple(sorted(set(names)))
    number = {topic: place for place, topic in enumerate(topics)}
    labels = np.array([*(number[name] for name in names), *[len(topics)] * len(everyday)], dtype=np.intp)
    centre = everyday.mean(axis=0)
    vectors = _centred(np.vstack([wordings, everyday]), centre)
    return Recogniser(topics, centre, fit_logistic(vectors, labels, len(topics) + 1, _STRENGTH), source)


def _centred(vectors: Vectors, centre: Vectors) -> Vectors:
    """What all texts share says nothing about any of them."""
    moved = vectors - centre
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)

"""Learning how far a passage can be believed, from the knowledge base itself.

Its wordings are asked as if they were not there. Where the entry has a long answer, a passage of it is right; the same
wording without that answer, and the wordings of entries with short answers, have no right passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding
from faqbot.encoder.stacked import Encodings
from faqbot.knowledge import Wording
from faqbot.matching.model.conditional_logit import Vector, probabilities
from faqbot.matching.model.matcher import MOST_TOPICS
from faqbot.matching.model.thresholds import Sample, choose_thresholds
from faqbot.matching.passages.model import LearnedPassages, PassageModel, checksum_of_passages
from faqbot.matching.passages.search import nearest, ranker_of
from faqbot.matching.search.match import Match
from faqbot.matching.search.scoring import Scale
from faqbot.passages import Passage

PRIOR = PassageModel(dense=6.35, colbert=7.29, none=8.91)
"""Fitted on public FAQs whose answers were searched with their customers' questions (`training/train_passages.py`)."""

SHARE = 0.5
"""Of the questions that no wording fits, so many are assumed to have no answer at all."""

# Questions of either kind that are asked at most: among a thousand passages each costs about ten milliseconds.
_MOST = 250
# Standard deviations of the normal prior: of the sharpness's logarithm, and of the shift of "none" in log-odds. The
# first is small: a title such as "Rental agreement" asks for no passage in particular, which real questions do.
_UNCERTAIN = (0.2, 1.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the topics that answer it; none where nothing does."""

    encoding: Encoding
    topics: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Examples:
    """Questions with the evidence about them.

    Attributes:
        logits: By the prior; shape (n, `MOST_TOPICS` + 1), the last column is "none".
        right: Which columns are right, same shape.
        weights: How much each counts, shape (n,).
    """

    logits: Vector
    right: npt.NDArray[np.bool_]
    weights: Vector

    @property
    def answerable(self) -> npt.NDArray[np.bool_]:
        return ~self.right[:, -1]


def learn_passages(
    passages: Sequence[Passage],
    encodings: Encodings,
    scale: Scale,
    *,
    wordings: Sequence[Wording],
    asked_as: Encodings,
    real: Sequence[Asked] = (),
    target_precision: float = 0.95,
) -> LearnedPassages:
    """Learn from one version; the same input gives the same result.

    Args:
        passages: At least one.
        encodings: One per passage, of its `wording`.
        scale: Of the model.
        wordings: Of the whole knowledge base.
        asked_as: One encoding per wording.
        real: Labelled questions of customers; they count like wordings.
        target_precision: Share of answers by a passage that have to be right.
    """
    ranker = ranker_of(passages, encodings, scale)
    topics = {passage.topic for passage in passages}
    questions = [Asked(asked_as[row], frozenset((wordings[row].topic,))) for row in _some(wordings, topics)]
    rows: list[tuple[list[Match], frozenset[str]]] = []
    for question in (*questions, *real):
        found = nearest(ranker, question.encoding)
        rows.append((found, question.topics & topics))
        if question.topics & topics:
            rows.append(([match for match in found if match.wording.topic not in question.topics], frozenset()))
    examples = _examples(rows)
    factor, shift = _adapted(examples)
    model = PassageModel(PRIOR.dense * factor, PRIOR.colbert * factor, PRIOR.none * factor + shift)
    sample = _sample(examples, factor, shift)
    return LearnedPassages(
        model, choose_thresholds(sample, target_precision, "default"), checksum_of_passages(passages)
    )


def _some(wordings: Sequence[Wording], topics: set[str]) -> list[int]:
    """The wordings of topics with long answers and of those without, evenly spread where there are many."""
    chosen: list[int] = []
    for kind in (True, False):
        rows = [row for row, wording in enumerate(wordings) if (wording.topic in topics) == kind]
        chosen += rows[:: max(1, -(-len(rows) // _MOST))]
    return chosen


def _examples(rows: Sequence[tuple[Sequence[Match], frozenset[str]]]) -> _Examples:
    logits = np.full((len(rows), MOST_TOPICS + 1), -np.inf)
    right = np.zeros(logits.shape, dtype=bool)
    for row, (matches, topics) in enumerate(rows):
        ranked = matches[:MOST_TOPICS]
        *own, logits[row, -1] = PRIOR.logits(ranked)
        logits[row, : len(own)] = own
        right[row, : len(own)] = [match.wording.topic in topics for match in ranked]
        # What is not among the best ten can only be missed.
        right[row, -1] = not right[row].any()
    answerable = ~right[:, -1]
    total = max(1.0, float(answerable.sum())) / (1 - SHARE)
    each = np.where(
        answerable, total * (1 - SHARE) / max(1, answerable.sum()), total * SHARE / max(1, (~answerable).sum())
    )
    return _Examples(logits, right, each)


def _moved(logits: Vector, factor: float, shift: float) -> Vector:
    moved = logits * factor
    moved[:, -1] += shift
    return moved


def _adapted(examples: _Examples) -> tuple[float, float]:
    """Factor and shift of "none" that make the prior's beliefs fit the examples best, drawn towards none of both."""

    def loss(both: Vector) -> float:
        hit = (probabilities(_moved(examples.logits, float(np.exp(both[0])), float(both[1]))) * examples.right).sum(1)
        away = float(np.square(both / np.array(_UNCERTAIN)).sum()) / 2
        return away - float(examples.weights @ np.log(np.maximum(hit, 1e-300)))

    from scipy import optimize  # Needed at publish only, and a third of a second to import.

    best = optimize.minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-1.6, 1.6), (-8.0, 8.0)])
    return float(np.exp(best.x[0])), float(best.x[1])


def _sample(examples: _Examples, factor: float, shift: float) -> Sample:
    beliefs = probabilities(_moved(examples.logits, factor, shift))
    best = beliefs[:, :-1].argmax(axis=1)
    rows = np.arange(len(best))
    return Sample(
        confidence=beliefs[rows, best],
        none=beliefs[:, -1],
        right=examples.right[rows, best].astype(np.float64),
        own=np.full(len(best), np.nan),
        answerable=examples.answerable,
        source="passages",
        share=SHARE,
    )

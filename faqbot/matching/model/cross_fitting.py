"""Questions whose answer is known, made from nothing but the wordings.

A wording that is held out while the rest is learned is a question with an answer; the wordings of a topic that is
taken out whole are questions without one, and hard ones: they are about the same business.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from faqbot.matching.model.classifiers import Method
from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples, probabilities
from faqbot.matching.model.evidence import EvidenceSource
from faqbot.matching.search.texts import LabelledTexts, Numbers, Texts

Indices = npt.NDArray[np.intp]

_FOLDS = 5
_QUESTIONS_PER_FOLD = 400
_THREADS = 2
# Beyond this many texts x topics two of the five folds have to do.
_FULL_LIMIT = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What cross-fitting gives.

    Attributes:
        answerable: Held-out wordings, one part per fold; empty where no topic has two wordings.
        unanswerable: Wordings of topics that were taken out, one part per fold; empty below three topics.
        held: Per part of `answerable` the rows of its wordings.
    """

    answerable: tuple[Examples, ...]
    unanswerable: tuple[Examples, ...]
    held: tuple[Indices, ...] = ()

    @property
    def count(self) -> int:
        """Held-out wordings in all."""
        return sum(len(part.weights) for part in self.answerable)

    def weighted(self, share: float, weight: float) -> tuple[Examples, ...]:
        """All parts, weighted so that `share` of the total `weight` is unanswerable."""
        parts = []
        for side, part_of in ((self.answerable, 1.0 - share), (self.unanswerable, share)):
            questions = sum(len(part.weights) for part in side)
            for part in side:
                each = weight * part_of / max(1, questions)
                parts.append(Examples(part.evidence, part.right, np.full(len(part.weights), each)))
        return tuple(parts)


def hold_out(
    known: Texts,
    topics: Indices,
    metric: npt.NDArray[np.float32] | None,
    method: Method,
    progress: Callable[[int, int], None] | None = None,
    labelled: LabelledTexts | None = None,
) -> HeldOut:
    """Learn without some wordings, ask them, five times over.

    What is held out together follows from the texts alone: neither their order nor one entry more or less moves the
    others, so that a small edit changes little of what is learned.

    Args:
        known: The wordings.
        topics: Per wording its topic, 0..count-1.
        metric: As for `EvidenceSource`.
        method: As used over all wordings, so that the evidence is of the same kind.
        progress: Called with (fits done, fits in all).
        labelled: Questions that people labelled, which are learned from but not asked; those of a topic that is taken
            out go with it.
    """
    count = int(topics.max()) + 1
    drawn = known.drawn()
    texts = len(topics) + (len(labelled) if labelled is not None else 0)
    folds = range(_FOLDS) if texts * count <= _FULL_LIMIT else range(2)
    topic_folds = _dealt(topics, drawn, count)
    wording_folds = _spread(topics, topic_folds, drawn)
    tasks: list[tuple[bool, Indices, npt.NDArray[np.bool_]]] = []
    for fold in folds:
        held = np.flatnonzero(wording_folds == fold)
        if len(held):
            tasks.append((True, _some(held, drawn), wording_folds != fold))
        left = topic_folds[topics] != fold
        if count >= 3 and len(np.unique(topics[left])) >= 2 and not left.all():
            tasks.append((False, _some(np.flatnonzero(~left), drawn), left))
    answerable: list[Examples] = []
    unanswerable: list[Examples] = []
    # Products and sparse sums release the interpreter lock; the results come in the order of the tasks.
    with ThreadPoolExecutor(_THREADS) as pool:
        found = pool.map(lambda task: _ask(known, topics, metric, method, task[1], task[2], labelled), tasks)
        for done, (task, examples) in enumerate(zip(tasks, found, strict=True), start=1):
            (answerable if task[0] else unanswerable).append(examples)
            if progress:
                progress(done, len(tasks))
    return HeldOut(tuple(answerable), tuple(unanswerable), tuple(task[1] for task in tasks if task[0]))


def _dealt(topics: Indices, drawn: Numbers, count: int) -> Indices:
    """A fold per topic, all of one size but for one topic.

    Each takes a stretch of the topics in the order of their numbers, so that a topic more moves at most one across
    each border.
    """
    least = np.full(count, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(least, topics, drawn)
    places = np.empty(count, dtype=np.intp)
    places[least.argsort(kind="stable")] = np.arange(count)
    return places * _FOLDS // count


def _some(held: Indices, drawn: Numbers) -> Indices:
    return np.sort(held[drawn[held].argsort(kind="stable")[:_QUESTIONS_PER_FOLD]])


def _spread(topics: Indices, topic_folds: Indices, drawn: Numbers) -> Indices:
    """A fold per wording: a topic's wordings go to different folds as far as there are any; only ones get -1."""
    order = np.lexsort((drawn, topics))
    sizes = np.bincount(topics)
    places = np.empty(len(topics), dtype=np.intp)
    places[order] = np.concatenate([np.arange(size) for size in sizes])
    return np.where(sizes[topics] > 1, (places + topic_folds[topics]) % _FOLDS, -1)


def _ask(
    known: Texts,
    topics: Indices,
    metric: npt.NDArray[np.float32] | None,
    method: Method,
    held: Indices,
    kept: npt.NDArray[np.bool_],
    labelled: LabelledTexts | None,
) -> Examples:
    rows = np.flatnonzero(kept)
    present, renamed = np.unique(topics[rows], return_inverse=True)
    taught = None if labelled is None else labelled.among(present)
    source = EvidenceSource(known.take(rows), renamed.astype(np.intp), metric, method, labelled=taught)
    evidence = source.read(known.take(held))
    evidence = replace(evidence, topics=present[evidence.topics])
    return Examples(evidence, evidence.topics == topics[held][:, None], np.ones(len(held)))


def hold_out_labelled(
    known: Texts,
    topics: Indices,
    metric: npt.NDArray[np.float32] | None,
    method: Method,
    labelled: LabelledTexts,
) -> tuple[Examples, ...]:
    """Learn without some of the questions that people labelled, ask them, five times over.

    A labelled question that is known answers itself, so it says nothing of how sure to be of the next.

    Args:
        known: The wordings; none is held out.
        topics: Per wording its topic, 0..count-1.
        metric: As for `EvidenceSource`.
        method: As used over everything.
        labelled: The questions, at least one.

    Returns:
        A part per fold that has any; in all of them at most 2000 questions.
    """
    drawn = labelled.texts.drawn()
    tasks = []
    for fold in range(_FOLDS) if (len(topics) + len(drawn)) * (topics.max() + 1) <= _FULL_LIMIT else range(2):
        # A question that several topics answer has a row for each of them, all with one number.
        numbers, first = np.unique(np.where(drawn % _FOLDS == fold, drawn, 0), return_index=True)
        first = first[numbers != 0][:_QUESTIONS_PER_FOLD]
        if len(first):
            tasks.append((first, labelled.take(np.flatnonzero(drawn % _FOLDS != fold))))

    def ask(task: tuple[Indices, LabelledTexts]) -> Examples:
        first, rest = task
        evidence = EvidenceSource(known, topics, metric, method, labelled=rest).read(labelled.texts.take(first))
        right = np.zeros(evidence.topics.shape, dtype=bool)
        for place, row in enumerate(first):
            right[place] = np.isin(evidence.topics[place], labelled.topics[drawn == drawn[row]])
        return Examples(evidence, right, np.ones(len(first)))

    with ThreadPoolExecutor(_THREADS) as pool:
        return tuple(pool.map(ask, tasks))


@dataclass(frozen=True, slots=True)
class HeldOutWording:
    """One wording as a question to the rest of the knowledge base.

    Attributes:
        row: The wording.
        topic: The likeliest topic, 0..count-1.
        confidence: Its probability, 0..1.
        right: Whether it is the wording's own topic.
        place: The own topic's place among the likeliest, 0 for the first; None where it is not among them.
    """

    row: int
    topic: int
    confidence: float
    right: bool
    place: int | None


def outcomes(held_out: HeldOut, model: ConditionalLogit) -> list[HeldOutWording]:
    """Every held-out wording with the decision it would have met, in the order of the rows."""
    found = []
    for part, rows in zip(held_out.answerable, held_out.held, strict=True):
        beliefs = probabilities(model.logits(part.evidence))[:, :-1]
        order = (-beliefs).argsort(axis=1, kind="stable")
        for position, row in enumerate(rows):
            best = order[position, 0]
            own = part.right[position, order[position]].nonzero()[0]
            found.append(
                HeldOutWording(
                    row=int(row),
                    topic=int(part.evidence.topics[position, best]),
                    confidence=float(beliefs[position, best]),
                    right=bool(part.right[position, best]),
                    place=int(own[0]) if len(own) else None,
                )
            )
    return sorted(found, key=lambda one: one.row)

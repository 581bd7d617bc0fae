"""Learning one knowledge base: what happens when a version is published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from faqbot.encoder.encoding import Encoding
from faqbot.encoder.stacked import Encodings
from faqbot.knowledge import Wording
from faqbot.matching.model.calibration import adapt, follow_feedback, follow_labels
from faqbot.matching.model.classifiers import method_for
from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples, probabilities
from faqbot.matching.model.cross_fitting import HeldOut, HeldOutWording, hold_out, hold_out_labelled, outcomes
from faqbot.matching.model.evidence import Evidence, EvidenceSource
from faqbot.matching.model.fitted import Fitted, Labelled, checksum_of, labelled_texts, topics_of
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, labelled_share
from faqbot.matching.model.prior import Prior
from faqbot.matching.model.thresholds import Lesson, LessonSource, Sample, Source, Thresholds, choose_thresholds
from faqbot.matching.search.texts import Texts

Vector = npt.NDArray[np.float64]

_BATCH = 128
# From so many on labelled questions are the sample that thresholds are chosen on.
_ENOUGH_LABELLED = 50
_FEEDBACK, _FEEDBACK_EACH = 20, 5
# A click is a hint, a label a decision.
_FEEDBACK_WEIGHT = 0.5
# However many click: as much as so many labels, and so much of the coverage.
_FEEDBACK_MOST, _FEEDBACK_MOVES = 50.0, 0.1
_HALVINGS = 8
_SUGGESTED = 5


@dataclass(frozen=True, slots=True)
class RealQuestions:
    """What is known of questions that customers really asked; all of it may be missing.

    Attributes:
        labelled: With their topics, as people decided: further examples of these, and of what nothing fits. They count
            as they came in: so does their share of unanswerable ones.
        feedback: With the topics that customers said they meant. Who says so is no fair sample, so it tells how far
            confidence can be believed and nothing about the share; below 20, or 5 of either kind, it is not used. It
            counts half of labels, as much as 50 of them at most, and moves the coverage by a tenth at most.
        unanswerable: That share, 0..1, where it is known; unset: estimated.
    """

    labelled: Sequence[Labelled] = ()
    feedback: Sequence[Labelled] = ()
    unanswerable: float | None = None


def fit(
    wordings: Sequence[Wording],
    encodings: Encodings,
    *,
    prior: Prior,
    real: RealQuestions | None = None,
    target_precision: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
    examine: Callable[[list[HeldOutWording]], None] | None = None,
) -> Fitted:
    """Learn a knowledge base; the same input gives the same result.

    Args:
        wordings: At least one.
        encodings: One per wording.
        prior: Of the encoder's model, from `load_prior`.
        real: What is known of real questions.
        target_precision: Share of direct answers that have to be right.
        progress: Called with (steps done, steps in all).
        examine: Called with what became of the wordings that were asked while they were held out.
    """
    real = real or RealQuestions()
    names, topics = topics_of(wordings)
    known, taught = Texts.of([wording.text for wording in wordings], encodings), labelled_texts(real.labelled, names)
    method = method_for(len(wordings) + (len(taught) if taught else 0), len(names))
    source = EvidenceSource(known, topics, prior.metric, method, labelled=taught)
    held_out = hold_out(known, topics, prior.metric, method, progress, taught)
    model = adapt(prior.weights[method], held_out)
    sample = _held_out_sample(held_out, model)
    thresholds = choose_thresholds(sample, target_precision, "default")
    lessons = [_lesson("wordings", len(wordings), thresholds)]
    # What people say takes the wordings' place as the measure.
    measured: Callable[[ConditionalLogit], Sample] = partial(_held_out_sample, held_out)
    share, labels = CAUTIOUS_SHARE, tuple[Examples, ...]()
    if taught:
        labels = hold_out_labelled(known, topics, prior.metric, method, taught)
        share = labelled_share(sum(not q.topics for q in real.labelled), len(real.labelled))
        adapted, model = model, follow_labels(model, labels)
        if len(real.labelled) < _ENOUGH_LABELLED:
            measured = partial(_held_out_sample, held_out, share=share)
            sample = measured(model)
        else:
            measured = partial(_sample, labels, source="labelled", share=share)
            sample = _cross_fitted_sample(adapted, labels, share)
        thresholds = choose_thresholds(sample, target_precision, "labelled")
        lessons.append(_lesson("labels", len(real.labelled), thresholds))
    if feedback := _feedback_examples(source, real.feedback, names, share):
        moved = follow_feedback(model, [*labels, *feedback])
        sample, thresholds, model = _bounded(model, moved, measured, thresholds)
        lessons.append(_lesson("feedback", len(real.feedback), thresholds))
    fitted = Fitted(
        method=method,
        metric=prior.metric,
        classifiers=source.classifiers if method == "logistic" else None,
        model=model,
        sample=sample,
        thresholds=replace(thresholds, lessons=tuple(lessons)),
        checksum=checksum_of(wordings, real.labelled),
    )
    if examine:
        examine(outcomes(held_out, fitted.model))
    return fitted if real.unanswerable is None else fitted.at_share(real.unanswerable, "given")


def unlearned(wordings: Sequence[Wording], prior: Prior, target_precision: float = 0.95) -> Fitted:
    """The prior as it is, with the threshold that `choose_thresholds` takes for safe where it knows nothing.

    Args:
        wordings: At least one.
        prior: Of the encoder's model, from `load_prior`.
        target_precision: Share of direct answers that have to be right.
    """
    nothing = np.zeros(0)
    sample = Sample(nothing, nothing, nothing, nothing, np.zeros(0, dtype=bool), "wordings", CAUTIOUS_SHARE)
    return Fitted(
        # Needs no fitting that takes time.
        method="closed_form",
        metric=prior.metric,
        classifiers=None,
        model=prior.weights["closed_form"],
        sample=sample,
        thresholds=choose_thresholds(sample, target_precision, "default"),
        checksum=checksum_of(wordings),
    )


def _read(source: EvidenceSource, texts: Sequence[str], encodings: Sequence[Encoding]) -> Evidence:
    parts = [
        source.read(Texts.of(texts[start : start + _BATCH], encodings[start : start + _BATCH]))
        for start in range(0, len(texts), _BATCH)
    ]
    return Evidence.joined(parts)


def _cross_fitted_sample(model: ConditionalLogit, labels: Sequence[Examples], share: float) -> Sample:
    """How labelled questions fare, each part with weights that were fitted to the others.

    Args:
        model: As adapted to the wordings.
        labels: In parts, each asked while it was held out.
        share: Of unanswerable questions.
    """
    rest = [[other for other in labels if other is not part] for part in labels]
    return Sample.joined(
        [
            _sample([part], follow_labels(model, others), "labelled", share)
            for part, others in zip(labels, rest, strict=True)
        ]
    )


def _examples(source: EvidenceSource, labelled: Sequence[Labelled], names: Sequence[str]) -> Examples:
    evidence = _read(source, [q.text for q in labelled], [q.encoding for q in labelled])
    right = np.array(
        [[names[topic] in q.topics for topic in row] for q, row in zip(labelled, evidence.topics, strict=True)]
    )
    return Examples(evidence, right, np.ones(len(labelled)))


def _feedback_examples(
    source: EvidenceSource, feedback: Sequence[Labelled], names: Sequence[str], share: float
) -> list[Examples]:
    """Feedback as examples that count half, weighted to the share; none where there is too little."""
    counts = (sum(bool(one.topics) for one in feedback), sum(not one.topics for one in feedback))
    if sum(counts) < _FEEDBACK or min(counts) < _FEEDBACK_EACH:
        return []
    examples = _examples(source, feedback, names)
    whole = min(_FEEDBACK_WEIGHT * sum(counts), _FEEDBACK_MOST)
    each = np.array([whole * (1 - share) / counts[0], whole * share / counts[1]])
    return [Examples(examples.evidence, examples.right, each[[int(not one.topics) for one in feedback]])]


def _bounded(
    model: ConditionalLogit,
    moved: ConditionalLogit,
    measured: Callable[[ConditionalLogit], Sample],
    thresholds: Thresholds,
) -> tuple[Sample, Thresholds, ConditionalLogit]:
    """As far towards what feedback says as the expected coverage moves by a tenth of itself at most, or not at all."""
    for part in (0.5**halvings for halvings in range(_HALVINGS)):
        between = ConditionalLogit.from_stacked((1.0 - part) * model.stacked() + part * moved.stacked())
        sample = measured(between)
        found = choose_thresholds(sample, thresholds.target_precision, thresholds.share_source)
        if abs(found.coverage - thresholds.coverage) <= _FEEDBACK_MOVES * thresholds.coverage:
            return sample, found, between
    return measured(model), thresholds, model


def _lesson(source: LessonSource, questions: int, thresholds: Thresholds) -> Lesson:
    return Lesson(source, questions, thresholds.answer, thresholds.suggest, thresholds.coverage)


def _held_out_sample(held_out: HeldOut, model: ConditionalLogit, share: float = CAUTIOUS_SHARE) -> Sample:
    parts = [*held_out.answerable, *held_out.unanswerable]
    sample = _sample(parts, model, "wordings", share)
    answerable = sum(len(part.weights) for part in held_out.answerable)
    return replace(sample, answerable=np.arange(len(sample.confidence)) < answerable)


def _sample(parts: Sequence[Examples], model: ConditionalLogit, source: Source, share: float) -> Sample:
    beliefs = [probabilities(model.logits(part.evidence)) for part in parts]
    best = [belief[:, :-1].argmax(axis=1) for belief in beliefs]
    right = [part.right[np.arange(len(places)), places] for part, places in zip(parts, best, strict=True)]
    return Sample(
        confidence=_joined([belief[:, :-1].max(axis=1) for belief in beliefs]),
        none=_joined([belief[:, -1] for belief in beliefs]),
        right=_joined([hits.astype(np.float64) for hits in right]),
        own=_joined([_own(belief[:, :-1], part.right) for part, belief in zip(parts, beliefs, strict=True)]),
        answerable=np.ones(sum(len(belief) for belief in beliefs), dtype=bool),
        source=source,
        share=share,
    )


def _own(beliefs: Vector, right: npt.NDArray[np.bool_]) -> Vector:
    """The probability of the right candidate where it is among the first few, else NaN."""
    width = min(_SUGGESTED, beliefs.shape[1])
    bar = np.sort(beliefs, axis=1)[:, -width][:, None]
    own = np.where(right & (beliefs >= bar), beliefs, -1.0).max(axis=1)
    return np.where(own >= 0, own, np.nan)


def _joined(columns: Sequence[Vector]) -> Vector:
    return np.concatenate(columns) if columns else np.zeros(0)

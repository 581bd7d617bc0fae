"""The one recipe by which a knowledge base is learned: what is tried or measured is what customers will get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from faqbot.encoder.stacked import Encodings
from faqbot.encoder.unrelated import encode_unrelated
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision.decision import Decider, spell
from faqbot.matching.model.cross_fitting import HeldOutWording
from faqbot.matching.model.fitted import Labelled
from faqbot.matching.model.label_shift import unanswerable_share
from faqbot.matching.model.learned_matcher import LearnedMatcher
from faqbot.matching.model.learning import RealQuestions, fit
from faqbot.matching.model.prior import load_prior
from faqbot.matching.passages.learning import Asked, learn_passages
from faqbot.matching.passages.search import PassageSearch
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.scoring import measure_scale
from faqbot.matching.spelling.respelling import Respeller
from faqbot.passages import passages_of
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.answering.traffic import adapted
from faqbot.services.answering.vectors import VectorSource, texts_of
from faqbot.storage import LabelledQuestion

StageProgress = Callable[[str, int, int], None]
"""Called with (stage, steps done, steps in all); learning has the stages `encoding` and `learning`."""


@dataclass(frozen=True, slots=True)
class PastQuestions:
    """What is known of customers' questions; all of it may be missing.

    Attributes:
        labelled: With the entries that answer them, as somebody decided: further examples of these.
        feedback: With the entries that customers said they meant.
        traffic: Without; where nothing is labelled it does what it does while a version answers, see `adapted`.
    """

    labelled: Sequence[LabelledQuestion] = ()
    feedback: Sequence[LabelledQuestion] = ()
    traffic: Sequence[str] = ()


def learn(
    entries: Sequence[Entry],
    vectors: VectorSource,
    past: PastQuestions | None = None,
    target_precision: float = 0.95,
    progress: StageProgress | None = None,
) -> Snapshot:
    """Learn a knowledge base; the same input gives the same result, wherever its vectors come from.

    Args:
        entries: Enabled entries, at least one.
        vectors: Gives the vectors of their wordings and long answers.
        past: What is known of customers' questions.
        target_precision: Share of direct answers that have to be right.
        progress: Called in the stages `encoding` and `learning`.
    """
    past = past or PastQuestions()
    encoder, wordings, passages = vectors.encoder, wordings_of(entries), passages_of(entries)
    vectors.prepare(texts_of(entries), partial(progress, "encoding") if progress else None)
    encodings = vectors.of([wording.text for wording in wordings])
    respeller = Respeller([wording.text for wording in wordings])
    labels = as_encoded(past.labelled, entries, respeller)
    vectors.prepare([question.text for question in labels])
    of_labels = vectors.of([question.text for question in labels]) if labels else []
    labelled = with_vectors(labels, entries, of_labels)
    feedback = as_encoded(past.feedback, entries, respeller)
    held_out: list[HeldOutWording] = []
    fitted = fit(
        wordings,
        encodings,
        prior=load_prior(encoder.info.fingerprint),
        real=RealQuestions(
            labelled=labelled,
            feedback=with_vectors(feedback, entries, encoder.encode([question.text for question in feedback])),
        ),
        target_precision=target_precision,
        progress=partial(progress, "learning") if progress else None,
        examine=held_out.extend,
    )
    scale, search = measure_scale(encode_unrelated(encoder)), None
    if passages:
        in_passages = vectors.of([passage.wording.text for passage in passages])
        learned = learn_passages(
            passages,
            in_passages,
            scale,
            wordings=wordings,
            asked_as=encodings,
            real=[Asked(question.encoding, question.topics) for question in labelled],
            target_precision=target_precision,
        )
        search = PassageSearch(passages, in_passages, scale, learned)
    index = WordingIndex(wordings, encodings)
    decider = Decider(index, LearnedMatcher(index, fitted, labelled), scale, search)
    if past.traffic and not labels:
        traffic = [spell(respeller, text) for text in past.traffic]
        none = [ranking.p_none for ranking in decider.matcher.rank_many(traffic, encoder.encode(traffic))]
        decider = adapted(decider, unanswerable_share(np.array(none), decider.thresholds.share))
    return Snapshot(entries, decider, held_out=held_out, labelled=labels)


def still_known(questions: Sequence[LabelledQuestion], entries: Sequence[Entry]) -> list[LabelledQuestion]:
    """The questions that nothing answers, and those of which at least one entry is among these.

    A question whose entries have all left the knowledge base would now count as unanswerable, which nobody said.
    """
    known = {entry.entry_id for entry in entries}
    return [question for question in questions if not question.entry_ids or question.entry_ids & known]


def as_encoded(
    questions: Sequence[LabelledQuestion], entries: Sequence[Entry], respeller: Respeller
) -> list[LabelledQuestion]:
    """Those questions that are still known, spelt as the entries are, with the entries that are among these."""
    known = {entry.entry_id for entry in entries}
    return [
        LabelledQuestion(spell(respeller, question.text), question.entry_ids & known)
        for question in still_known(questions, entries)
    ]


def with_vectors(
    questions: Sequence[LabelledQuestion], entries: Sequence[Entry], encodings: Encodings
) -> list[Labelled]:
    """Labelled questions as a matcher learns from them.

    Args:
        questions: From `as_encoded`.
        entries: The same.
        encodings: One per question.
    """
    topics = {entry.entry_id: entry.topic for entry in entries}
    return [
        Labelled(question.text, encodings[place], frozenset(topics[entry_id] for entry_id in question.entry_ids))
        for place, question in enumerate(questions)
    ]

"""What people said of real questions teaches the matcher."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.model.cross_fitting import hold_out, hold_out_labelled
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES
from faqbot.matching.model.fitted import Fitted, Labelled, labelled_texts, topics_of
from faqbot.matching.model.learned_matcher import LearnedMatcher
from faqbot.matching.model.learning import RealQuestions, fit
from faqbot.matching.model.prior import shipped_prior
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.texts import NOTHING_FITS, Texts
from tests.worlds import World

TOPICS = 8
"""Of the world's twelve; the others are what customers call topic 0 (8), and what nobody answers (9 to 11)."""


@pytest.fixture(scope="module")
def known() -> tuple[list[Wording], list[Encoding]]:
    return World(topics=12).knowledge([5] * TOPICS)


def asked(topic: int, count: int, seed: int) -> list[tuple[str, Encoding]]:
    world = World(topics=12)
    world.random = np.random.default_rng(seed)
    return [world.ask(topic) for _ in range(count)]


def labels(topic: int, count: int, *answers: str) -> list[Labelled]:
    return [Labelled(text, encoding, frozenset(answers)) for text, encoding in asked(topic, count, 100 + topic)]


def learned(known: tuple[list[Wording], list[Encoding]], labelled: Sequence[Labelled]) -> tuple[Fitted, LearnedMatcher]:
    fitted = fit(*known, prior=shipped_prior("generic"), real=RealQuestions(labelled=labelled))
    return fitted, LearnedMatcher(WordingIndex(*known), fitted, labelled)


def right(matcher: LearnedMatcher, topic: int, answer: str) -> float:
    """How sure the matcher is of the answer, on average over other questions than the labelled ones."""
    return float(np.mean([matcher.rank(*one).confidence_of(answer) for one in asked(topic, 10, 7)]))


def test_a_topic_is_found_by_what_people_gave_it_though_no_wording_is_like_that(
    known: tuple[list[Wording], list[Encoding]],
) -> None:
    before, after = learned(known, [])[1], learned(known, labels(8, 3, "t0"))[1]
    assert right(before, 8, "t0") < 0.3
    assert right(after, 8, "t0") > right(before, 8, "t0") + 0.4
    # The others are answered as before.
    assert right(after, 3, "t3") == pytest.approx(right(before, 3, "t3"), abs=0.1)


def test_what_nothing_answers_is_learned_as_such(known: tuple[list[Wording], list[Encoding]]) -> None:
    def most(matcher: LearnedMatcher, topic: int) -> float:
        return float(np.mean([matcher.rank(*one).topics[0].confidence for one in asked(topic, 10, 7)]))

    before, after = learned(known, [])[1], learned(known, labels(9, 8))[1]
    assert most(after, 9) < 0.5 * most(before, 9)
    assert right(after, 3, "t3") > right(before, 3, "t3") - 0.1
    reasons = after.explain(*asked(9, 1, 7)[0], "t0")
    decoys = [reason for reason in reasons.none if reason.name.startswith("decoy")]
    assert sum(reason.contribution for reason in decoys) > 0.5


def test_a_single_label_harms_nobody(known: tuple[list[Wording], list[Encoding]]) -> None:
    before = learned(known, [])[0].thresholds
    for one in (labels(2, 1, "t2"), labels(9, 1)):
        fitted, matcher = learned(known, one)
        assert [round(right(matcher, topic, f"t{topic}"), 1) > 0.6 for topic in range(TOPICS)] == [True] * TOPICS
        assert fitted.thresholds.answer == pytest.approx(before.answer, abs=0.1)


def test_no_labelled_question_is_taken_for_a_wording(known: tuple[list[Wording], list[Encoding]]) -> None:
    given = labels(8, 4, "t0")
    _, matcher = learned(known, given)
    # Asked exactly as it was labelled.
    best = matcher.rank(given[0].text, given[0].encoding).topics[0]
    assert (best.topic, known[0][best.row].topic) == ("t0", "t0")


def test_people_are_quoted_in_what_is_explained(known: tuple[list[Wording], list[Encoding]]) -> None:
    given = [*labels(8, 3, "t0"), *labels(9, 2)]
    _, matcher = learned(known, given)
    reasons = matcher.explain(given[1].text, given[1].encoding, "t0")
    assert reasons.labelled is not None
    assert (reasons.labelled.question, reasons.labelled.count) == (given[1].text, 3)
    assert reasons.labelled.similarity == pytest.approx(1.0)
    assert reasons.labelled_none is not None
    assert reasons.labelled_none.count == 2
    assert reasons.labelled_none.question in (given[3].text, given[4].text)
    assert matcher.explain(given[1].text, given[1].encoding, "t5").labelled is None


def test_what_was_learned_is_bound_to_its_labels(known: tuple[list[Wording], list[Encoding]]) -> None:
    given = [*labels(8, 2, "t0", "t1"), *labels(9, 1)]
    fitted, matcher = learned(known, given)
    index = WordingIndex(*known)
    again = LearnedMatcher.from_bytes(fitted.to_bytes(), index, given)
    question = asked(8, 1, 3)[0]
    assert again.rank(*question).topics[0].confidence == pytest.approx(
        matcher.rank(*question).topics[0].confidence, abs=5e-3
    )
    other = [*given[:2], Labelled(given[2].text, given[2].encoding, frozenset({"t1"}))]
    for labelled in ((), given[:2], other):
        with pytest.raises(ValueError, match="labelled questions"):
            LearnedMatcher.from_bytes(fitted.to_bytes(), index, labelled)


def test_thresholds_come_from_labelled_questions_once_there_are_fifty(
    known: tuple[list[Wording], list[Encoding]],
) -> None:
    many = [one for topic in range(TOPICS) for one in labels(topic, 6, f"t{topic}")]
    few, enough = learned(known, many)[0].thresholds, learned(known, [*many, *labels(9, 2)])[0].thresholds
    assert (few.source, few.share_source) == ("wordings", "labelled")
    assert (enough.source, enough.share_source, enough.sample) == ("labelled", "labelled", 50)
    assert enough.ece is not None
    assert enough.ece < 0.1


def test_a_labelled_question_is_asked_of_those_who_do_not_know_it(
    known: tuple[list[Wording], list[Encoding]],
) -> None:
    names, topics = topics_of(known[0])
    given = [*labels(8, 12, "t0", "t1"), *labels(9, 9)]
    labelled = labelled_texts(given, names)
    assert labelled is not None
    assert len(labelled) == 12 * 2 + 9
    texts = Texts.of([wording.text for wording in known[0]], known[1])
    parts = hold_out_labelled(texts, topics, None, "closed_form", labelled)
    assert sum(len(part.weights) for part in parts) == 21
    assert sum((~part.right.any(axis=1)).sum() for part in parts) == 9
    # Either of two topics answers, and both are candidates.
    assert {int(count) for part in parts for count in part.right.sum(axis=1)} == {0, 2}
    for part in parts:
        assert part.evidence.candidates[..., CANDIDATE_FEATURES.names.index("spelling")].max() < 1.0
        assert part.evidence.questions[..., QUESTION_FEATURES.names.index("decoy_spelling")].max() < 1.0


def test_held_out_wordings_know_the_labelled_questions_but_not_those_of_a_topic_that_is_gone(
    known: tuple[list[Wording], list[Encoding]],
) -> None:
    names, topics = topics_of(known[0])
    texts = Texts.of([wording.text for wording in known[0]], known[1])
    # People were asked every wording of topic 0 as it is.
    same = [Labelled(w.text, e, frozenset({"t0"})) for w, e in zip(*known, strict=True) if w.topic == "t0"]
    labelled = labelled_texts(same, names)
    found = hold_out(texts, topics, None, "closed_form", labelled=labelled)
    spelling = CANDIDATE_FEATURES.names.index("spelling")
    for part, rows in zip(found.answerable, found.held, strict=True):
        own = topics[rows] == 0
        assert (part.evidence.candidates[own][..., spelling].max(axis=1) == 1.0).all()
        assert part.evidence.candidates[~own][..., spelling].max() < 1.0
    assert not any(part.right.any() for part in found.unanswerable)
    assert max(part.evidence.candidates[..., spelling].max() for part in found.unanswerable) < 1.0


def test_topics_that_nobody_knows_any_more_teach_nothing() -> None:
    given = [*labels(8, 1, "gone"), *labels(9, 1), *labels(1, 1, "t1", "gone")]
    found = labelled_texts(given, ["t0", "t1"])
    assert found is not None
    assert (found.texts.texts, found.topics.tolist()) == ((given[1].text, given[2].text), [NOTHING_FITS, 1])
    assert labelled_texts(given[:1], ["t0"]) is None

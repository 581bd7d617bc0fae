from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from faqbot.matching.model.calibration import adapt, at_share, follow_feedback, follow_labels
from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples, probabilities
from faqbot.matching.model.cross_fitting import HeldOut
from faqbot.matching.model.evidence import Evidence
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES

DENSE, SPELLING = (CANDIDATE_FEATURES.names.index(name) for name in ("best_dense", "spelling"))


def model(dense: float, always: float) -> ConditionalLogit:
    return ConditionalLogit(
        CANDIDATE_FEATURES.column("best_dense") * dense, QUESTION_FEATURES.column("always") * always
    )


def asked(true: ConditionalLogit, count: int, answerable: bool, seed: int) -> Examples:
    """Questions with three candidates, the right one drawn as `true` believes; `spelling` is noise."""
    random = np.random.default_rng(seed)
    candidates = np.zeros((count, 3, len(CANDIDATE_FEATURES)), dtype=np.float32)
    candidates[:, :, DENSE] = random.normal(size=(count, 3))
    candidates[:, :, SPELLING] = random.uniform(size=(count, 3))
    places = np.tile(np.arange(3), (count, 1))
    evidence = Evidence(places, places, candidates, np.tile(QUESTION_FEATURES.column("always"), (count, 1)))
    beliefs = probabilities(true.logits(evidence)[:, :-1])
    drawn = np.array([random.choice(3, p=row) for row in beliefs])
    return Examples(evidence, (drawn[:, None] == np.arange(3)) & answerable, np.ones(count))


def held_out(true: ConditionalLogit, answerable: int) -> HeldOut:
    return HeldOut((asked(true, answerable, True, 1),), (asked(true, 100, False, 2),))


def test_below_thirty_held_out_wordings_the_default_stays() -> None:
    default = model(1.0, 0.0)
    assert adapt(default, held_out(model(3.0, 0.0), 29)) is default
    assert adapt(default, HeldOut((asked(default, 100, True, 1),), ())) is default


def test_only_what_is_relative_is_adapted() -> None:
    default = ConditionalLogit(np.full(len(CANDIDATE_FEATURES), 0.5), QUESTION_FEATURES.column("always"))
    adapted = adapt(default, held_out(model(3.0, 0.0), 400))
    # What the prior decides is scaled as a whole; the adapting weights move against each other beyond that.
    scale = adapted.topic[CANDIDATE_FEATURES.names.index("single_dense")] / 0.5
    assert adapted.topic[CANDIDATE_FEATURES.names.index("wordings")] == pytest.approx(0.5 * scale, abs=1e-3)
    assert adapted.topic[DENSE] > 0.5 * scale + 0.1
    # Both began at 0.5; what tells the topics apart counts more now, what tells nothing less.
    assert adapted.topic[DENSE] / adapted.topic[SPELLING] > 1.5


def test_held_out_wordings_that_are_only_harder_make_nobody_more_timid() -> None:
    # They ask as the default believes but with half the certainty, which is what a wording less does.
    default = model(2.0, 0.0)
    adapted = adapt(default, held_out(model(1.0, 0.0), 2000))
    assert adapted.topic[DENSE] == pytest.approx(2.0, rel=0.1)
    assert adapted.none[0] == pytest.approx(0.0, abs=0.3)


def test_labels_say_how_sure_to_be() -> None:
    timid = model(1.0, 0.0)
    followed = follow_labels(timid, [asked(model(3.0, 0.0), 4000, True, 3)])
    assert followed.topic[DENSE] == pytest.approx(3.0, rel=0.15)
    few = follow_labels(timid, [asked(model(3.0, 0.0), 5, True, 3)])
    assert few.topic[DENSE] == pytest.approx(1.0, abs=0.2)


def test_labels_say_how_often_nothing_fits_in_one_weight_alone() -> None:
    # Of 100 questions that look alike half have no answer: the odds of "none" against three equal candidates are even.
    def alike(answerable: bool) -> Examples:
        evidence = asked(model(0.0, 0.0), 50, answerable, 4).evidence
        questions = np.zeros((50, len(QUESTION_FEATURES)), dtype=np.float32)
        questions[:, :3] = 1.0
        right = np.tile([answerable, False, False], (50, 1))
        return Examples(replace(evidence, questions=questions), right, np.ones(50))

    followed = follow_labels(model(0.0, 0.0), [alike(True), alike(False)])
    assert QUESTION_FEATURES.names[:3] == ("always", "topics", "richness")
    assert followed.none[0] == pytest.approx(np.log(3.0), abs=0.2)
    assert followed.none[1:3].tolist() == [0.0, 0.0]


def test_clicks_say_how_sure_to_be_and_nothing_else() -> None:
    timid = ConditionalLogit(np.full(len(CANDIDATE_FEATURES), 0.5), QUESTION_FEATURES.column("always"))
    followed = follow_feedback(timid, [asked(model(3.0, 0.0), 400, True, 3)])
    assert np.ptp(followed.topic / timid.topic) == pytest.approx(0.0, abs=1e-9)
    assert followed.topic[DENSE] > 1.0


def test_another_share_of_unanswerable_questions_shifts_their_odds() -> None:
    # From one in four (odds 1/3) to one in two (odds 1): log 3.
    assert at_share(model(1.0, 0.5), 0.5).none[0] == pytest.approx(0.5 + np.log(3.0))
    assert at_share(model(1.0, 0.5), 0.5, 0.5).none[0] == pytest.approx(0.5)

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.model.conditional_logit import ConditionalLogit, Examples
from faqbot.matching.model.cross_fitting import HeldOut, HeldOutWording, hold_out, outcomes
from faqbot.matching.model.evidence import Evidence
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES
from faqbot.matching.model.fitted import topics_of
from faqbot.matching.search.texts import Texts
from tests.worlds import World

SIZES = [1, 1, 2, 3, 4, 6, 7]


def held(sizes: list[int]) -> tuple[HeldOut, np.ndarray]:
    wordings, encodings = World(topics=len(sizes), spread=0.3).knowledge(sizes)
    _, topics = topics_of(wordings)
    texts = Texts.of([wording.text for wording in wordings], encodings)
    return hold_out(texts, topics, None, "closed_form"), topics


def test_every_wording_that_has_a_sibling_is_asked_once_and_its_topic_is_still_there() -> None:
    found, topics = held(SIZES)
    rows = np.concatenate(found.held)
    # Two topics have one wording each: without it nothing would be left of them.
    assert sorted(rows.tolist()) == [row for row, topic in enumerate(topics) if SIZES[topic] > 1]
    assert found.count == len(rows) == 22
    for part, asked in zip(found.answerable, found.held, strict=True):
        assert (part.right == (part.evidence.topics == topics[asked][:, None])).all()
        assert part.right.any(axis=1).all()


def test_a_topic_that_is_taken_out_is_no_candidate_for_its_wordings() -> None:
    found, topics = held(SIZES)
    assert sum(len(part.weights) for part in found.unanswerable) == len(topics)
    assert not any(part.right.any() for part in found.unanswerable)
    for part in found.unanswerable:
        # A fold takes one or two of the seven topics out.
        assert part.evidence.topics.shape[1] in (5, 6)
        assert len(np.unique(part.evidence.topics)) == part.evidence.topics.shape[1]


def test_the_nearest_wording_is_never_the_one_that_is_asked() -> None:
    found, topics = held(SIZES)
    asked = np.concatenate(found.held)
    assert Counter(topics[asked].tolist()) == {2: 2, 3: 3, 4: 4, 5: 6, 6: 7}
    for part in found.answerable:
        nearest = part.evidence.candidates[:, :, CANDIDATE_FEATURES.names.index("spelling")]
        assert nearest.max() < 1.0


@pytest.mark.parametrize("sizes", [[1], [4], [1, 1], [1, 1, 1]])
def test_the_smallest_knowledge_bases_give_what_there_is(sizes: list[int]) -> None:
    found, _ = held(sizes)
    assert found.count == (sizes[0] if sizes[0] > 1 else 0)
    assert len(found.unanswerable) == (3 if len(sizes) == 3 else 0)


def test_the_same_wordings_are_held_out_the_same_way_again() -> None:
    once, again = held(SIZES)[0], held(SIZES)[0]
    assert [rows.tolist() for rows in once.held] == [rows.tolist() for rows in again.held]
    for one, other in zip(once.answerable, again.answerable, strict=True):
        assert np.array_equal(one.evidence.candidates, other.evidence.candidates)


def _held_together(wordings: list[Wording], encodings: list[Encoding]) -> dict[str, int]:
    _, topics = topics_of(wordings)
    texts = Texts.of([wording.text for wording in wordings], encodings)
    found = hold_out(texts, topics, None, "closed_form")
    return {texts.texts[row]: fold for fold, rows in enumerate(found.held) for row in rows}


def test_the_order_of_the_wordings_moves_none_to_another_fold() -> None:
    wordings, encodings = World(topics=20).knowledge([3] * 20)
    turned = _held_together(wordings[::-1], encodings[::-1])
    assert turned == _held_together(wordings, encodings)


def test_a_topic_more_moves_at_most_one_across_each_border_between_folds() -> None:
    wordings, encodings = World(topics=41).knowledge([3] * 41)
    with_it, without = _held_together(wordings, encodings), _held_together(wordings[:-3], encodings[:-3])
    moved = [text for text, fold in without.items() if with_it[text] != fold]
    # Five folds have four borders; a topic has three wordings.
    assert len(without) == 120
    assert len(moved) <= 4 * 3


def _asked(confident: list[list[float]], topics: list[list[int]], right: list[list[bool]]) -> Examples:
    candidates = np.zeros((len(confident), len(confident[0]), len(CANDIDATE_FEATURES)), dtype=np.float32)
    candidates[:, :, CANDIDATE_FEATURES.names.index("best_dense")] = confident
    places = np.array(topics, dtype=np.intp)
    questions = np.tile(QUESTION_FEATURES.column("always"), (len(confident), 1)).astype(np.float32)
    return Examples(Evidence(places, places, candidates, questions), np.array(right), np.ones(len(confident)))


def test_weights_share_the_whole_between_both_kinds() -> None:
    one = _asked([[0.0, 0.0]], [[0, 1]], [[True, False]])
    both = HeldOut((one, one, one), (_asked([[0.0, 0.0]] * 2, [[0, 1]] * 2, [[False, False]] * 2),))
    # Three quarters of 8 over three questions, a quarter of 8 over two.
    assert [part.weights.tolist() for part in both.weighted(0.25, 8.0)] == [[2.0], [2.0], [2.0], [1.0, 1.0]]


def test_outcomes_say_what_each_wording_would_have_met() -> None:
    model = ConditionalLogit(CANDIDATE_FEATURES.column("best_dense"), 0 * QUESTION_FEATURES.column("always"))
    part = _asked([[1.0, 0.0], [0.0, 2.0], [0.0, 1.0]], [[3, 5], [3, 5], [3, 5]], [[True, False]] * 2 + [[False] * 2])
    found = outcomes(HeldOut((part,), (), (np.array([9, 4, 6]),)), model)
    # Softmax of (1, 0, 0), (0, 2, 0) and (0, 1, 0), the last being "none".
    sure, surer = np.e / (np.e + 2), np.e**2 / (np.e**2 + 2)
    assert found == [
        HeldOutWording(4, 5, pytest.approx(surer), right=False, place=1),
        HeldOutWording(6, 5, pytest.approx(sure), right=False, place=None),
        HeldOutWording(9, 3, pytest.approx(sure), right=True, place=0),
    ]

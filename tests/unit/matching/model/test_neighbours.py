from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.matching.model.neighbours import Groups, LabelledNeighbours, Likeness, alike
from faqbot.matching.search.texts import NOTHING_FITS, LabelledTexts, Texts

EAST, NORTH = np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)
NORTHEAST = np.array([0.6, 0.8], np.float32)


def texts(**directions: np.ndarray) -> Texts:
    """One token each, of the text's direction."""
    return Texts.of(list(directions), [Encoding(one, {}, one[None]) for one in directions.values()])


def neighbours() -> LabelledNeighbours:
    given = texts(abcdefghij=EAST, something=NORTH, nonsense=NORTH)
    return LabelledNeighbours(LabelledTexts(given, np.array([2, 2, NOTHING_FITS])), given.dense)


def test_letters_that_differ_are_counted() -> None:
    # One of ten letters differs: (0.9 - 0.7) / 0.3.
    assert alike("abcdefghij", "abcdefghix") == pytest.approx(2 / 3)
    assert alike("abcdefghij", "abcdefghij") == 1.0


def test_texts_that_only_share_some_letters_count_as_different() -> None:
    # Three of ten differ: 0.7, where nothing begins.
    assert alike("abcdefghij", "abcdefgxyz") == 0.0
    assert alike("abc", "") == 0.0


def test_the_nearest_question_that_a_topic_was_given_speaks_for_it() -> None:
    asked = texts(abcdefghix=NORTHEAST)
    cosines = neighbours().cosines(asked.dense)
    assert cosines[0].tolist() == pytest.approx([0.6, 0.8, 0.8])
    found = neighbours().likeness(asked, cosines, np.array([[0, 2, NOTHING_FITS]]))
    # Topic 0 was given none. Of topic 2's two the second is nearer, though the first is spelt more like it.
    assert found.dense[0].tolist() == pytest.approx([-np.inf, 0.8, 0.8])
    assert found.colbert[0].tolist() == pytest.approx([-np.inf, 0.8, 0.8])
    assert found.spelling[0].tolist() == [0.0, 0.0, 0.0]
    same = neighbours().likeness(texts(abcdefghix=EAST), np.array([[1.0, 0.0, 0.0]]), np.array([[2]]))
    assert same.spelling[0, 0] == pytest.approx(2 / 3)


def test_the_rows_of_a_topic_are_those_that_people_gave_it() -> None:
    assert [neighbours().of(topic).tolist() for topic in (0, 2, NOTHING_FITS)] == [[], [0, 1], [2]]
    assert neighbours().text(2) == "nonsense"


def test_of_two_likenesses_the_nearer_counts_in_each_way() -> None:
    one = Likeness(*(np.array([[value, 0.25]]) for value in (0.5, 0.75, 0.0)))
    other = Likeness(*(np.array([[value, 0.125]]) for value in (0.625, 0.5, 1.0)))
    nearer = one.or_nearer(other)
    assert [part.tolist() for part in (nearer.dense, nearer.colbert, nearer.spelling)] == [
        [[0.625, 0.25]],
        [[0.75, 0.25]],
        [[1.0, 0.25]],
    ]
    alone = Likeness(*(np.array([[value]]) for value in (0.75, 0.25, 0.5)))
    beside = alone.beside(one)
    assert [part.tolist() for part in (beside.dense, beside.colbert, beside.spelling)] == [[[0.25]], [[-0.5]], [[0.5]]]


def test_groups_know_their_rows() -> None:
    groups = Groups(np.array([1, 0, 1, 2]))
    assert groups.sizes.tolist() == [1, 2, 1]
    assert [groups.of(group).tolist() for group in range(3)] == [[1], [0, 2], [3]]
    assert groups.best(np.array([[0.5, 0.25, 0.75, -1.0]])).tolist() == [[0.25, 0.75, -1.0]]
    # One of four: log(1 / 3).
    assert groups.log_odds(2) == pytest.approx(np.log(1 / 3))


def test_labelled_questions_of_topics_that_are_taken_out_go_with_them() -> None:
    given = LabelledTexts(texts(a=EAST, b=NORTH, c=EAST, d=NORTH), np.array([5, NOTHING_FITS, 3, 4]))
    left = given.among(np.array([3, 5]))
    assert (left.texts.texts, left.topics.tolist()) == (("a", "b", "c"), [1, NOTHING_FITS, 0])

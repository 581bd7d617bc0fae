from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.encoder.stacked import TokenVectors
from faqbot.matching.duplicates.near_questions import NearQuestions
from faqbot.matching.search.texts import Texts

# Vectors at right angles: similarity begins at 0, in both modes.
UNRELATED = [Encoding(row, {}, row[None]) for row in np.eye(3, dtype=np.float32)]


def questions(texts: list[str], degrees: list[float], topics: list[int]) -> NearQuestions:
    """Each text has one token, at an angle in a plane."""
    angles = np.radians(degrees)
    dense = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    known = Texts(tuple(texts), dense, TokenVectors.of([row[None] for row in dense]))
    return NearQuestions(known, np.array(topics), UNRELATED)


def test_how_far_a_pair_stands_out_is_measured_against_what_is_usual() -> None:
    near = questions(["alpha", "beta", "gamma"], [0, 60, 90], [0, 1, 1])
    a, b, margins = near.candidates()
    # Of topic 1 only the nearest wording is a neighbour of alpha; both of its wordings have alpha. With so few topics
    # nothing lies behind the twins, so 0.4 stands in for the usual: cos 60 - 0.4 and cos 90 - 0.4.
    found = {(int(i), int(j)): row.tolist() for i, j, row in zip(a, b, margins, strict=True)}
    assert found.keys() == {(0, 1), (0, 2)}
    assert found[0, 1] == pytest.approx([0.1, 0.1], abs=1e-5)
    assert found[0, 2] == pytest.approx([-0.4, -0.4], abs=1e-5)


def test_wordings_of_one_topic_are_never_a_pair() -> None:
    near = questions(["alpha", "alpha!", "beta"], [0, 0, 90], [0, 0, 1])
    assert near.pairs(0.0) == []


def test_equal_texts_are_certain_and_come_first_and_once() -> None:
    near = questions(["Refund", "Delivery", "refund?", "Parcel"], [0, 45, 0, 46], [0, 1, 2, 3])
    pairs = near.pairs(0.0)
    assert (pairs[0].a, pairs[0].b, pairs[0].score) == (0, 2, 1.0)
    assert len({(pair.a, pair.b) for pair in pairs}) == len(pairs)
    assert all(pair.a < pair.b and pair.score < 1.0 for pair in pairs[1:])
    scores = [pair.score for pair in pairs]
    assert scores == sorted(scores, reverse=True)


def test_only_pairs_with_a_chosen_wording_are_compared() -> None:
    near = questions(["alpha", "beta", "gamma"], [0, 5, 8], [0, 1, 2])
    everywhere = {(pair.a, pair.b) for pair in near.pairs(0.0)}
    assert everywhere == {(0, 1), (0, 2), (1, 2)}
    assert {(pair.a, pair.b) for pair in near.pairs(0.0, np.array([True, False, False]))} == {(0, 1), (0, 2)}


def test_a_threshold_leaves_out_what_is_weaker() -> None:
    near = questions(["alpha", "beta", "gamma"], [0, 5, 60], [0, 1, 2])
    strongest = near.pairs(0.0)[0]
    assert (strongest.a, strongest.b) == (0, 1)
    assert near.pairs(strongest.score) == [strongest]

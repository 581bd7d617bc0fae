from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder.stacked import TokenVectors
from faqbot.matching.duplicates.pair_evidence import INTERCEPT, WEIGHTS, PairEvidence, probability


def directions(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def evidence(vectors: np.ndarray, topics: list[int], scripts: list[int], **floors: float) -> PairEvidence:
    floors = {"dense_floor": 0.0, "colbert_floor": 0.0, **floors}
    texts = list("甲乙丙丁"[: len(vectors)])
    return PairEvidence(
        texts, vectors, TokenVectors.of([row[None] for row in vectors]), np.array(topics), np.array(scripts), **floors
    )


def test_two_single_wordings_have_nothing_but_their_own_similarity() -> None:
    source = evidence(directions(0, 60), [0, 1], [0, 1])
    [row] = source.of(np.array([0]), np.array([1]), np.array([0.25]))
    assert dict(zip(WEIGHTS, row.tolist(), strict=True)) == pytest.approx(
        {
            "margin": 0.25,
            "weaker_direction": 0.5,
            "least_matched": 0.5,
            "scatter": 0.0,
            "looseness": 0.0,
            "several": 0.0,
            "foreign": 1.0,
            "topics": np.log10(2),
            "replaced": 0.0,
        },
        abs=1e-6,
    )


def test_topics_that_touch_in_one_wording_are_further_apart_than_their_own_wordings() -> None:
    # Topic 0 lies at 0 and 60 degrees, topic 1 at 60 and 120: they touch at 60.
    source = evidence(directions(0, 60, 60, 120), [0, 0, 1, 1], [0, 0, 0, 0])
    [row] = source.of(np.array([1]), np.array([2]), np.array([0.0]))
    found = dict(zip(WEIGHTS, row.tolist(), strict=True))
    # The nearest of the other topic: 0.5 and 1 from the one side, 1 and 0.5 from the other, 0.75 on average. The
    # nearest two are equal; within a topic wordings are 0.5 alike.
    assert found["scatter"] == pytest.approx(0.25, abs=1e-6)
    assert found["looseness"] == pytest.approx(0.5 - 0.75, abs=1e-6)
    assert found["several"] == 1


def test_the_two_tokens_that_the_other_text_matches_least_are_averaged() -> None:
    tokens = TokenVectors.of([directions(0, 0, 60), directions(0, 90)])
    vectors = directions(0, 0)
    source = PairEvidence(
        ["甲", "乙"], vectors, tokens, np.array([0, 1]), np.array([0, 0]), dense_floor=0.0, colbert_floor=0.0
    )
    [row] = source.of(np.array([0]), np.array([1]), np.array([0.0]))
    found = dict(zip(WEIGHTS, row.tolist(), strict=True))
    # There: 1, 1, cos 30; back: 1, cos 30.
    cos = np.sqrt(3) / 2
    assert found["least_matched"] == pytest.approx((cos + 1 + cos + 1) / 4, abs=1e-6)
    assert found["weaker_direction"] == pytest.approx(min((2 + cos) / 3, (1 + cos) / 2), abs=1e-6)


def test_a_floor_of_unrelated_texts_counts_as_zero() -> None:
    source = evidence(directions(0, 60), [0, 1], [0, 0], dense_floor=0.5, colbert_floor=0.5)
    [row] = source.of(np.array([0]), np.array([1]), np.array([0.0]))
    assert row[list(WEIGHTS).index("weaker_direction")] == pytest.approx(0.0, abs=1e-6)


def test_the_probability_is_logistic_in_the_weighted_evidence() -> None:
    row = np.zeros((1, len(WEIGHTS)), dtype=np.float32)
    row[0, list(WEIGHTS).index("margin")] = 0.5
    assert probability(row) == pytest.approx(1 / (1 + np.exp(-(0.5 * WEIGHTS["margin"] + INTERCEPT))))


def test_a_replaced_part_of_an_equal_sentence_speaks_against_a_pair() -> None:
    vectors = directions(0, 60, 90)
    texts = ["金卡的年费是多少", "银卡的年费是多少", "怎么联系你们"]
    source = PairEvidence(
        texts,
        vectors,
        TokenVectors.of([row[None] for row in vectors]),
        np.array([0, 1, 2]),
        np.array([0, 0, 0]),
        dense_floor=0.0,
        colbert_floor=0.0,
    )
    rows = source.of(np.array([0, 0]), np.array([1, 2]), np.array([0.0, 0.0]))
    assert rows[:, list(WEIGHTS).index("replaced")].tolist() == [1, 0]
    assert WEIGHTS["replaced"] < 0

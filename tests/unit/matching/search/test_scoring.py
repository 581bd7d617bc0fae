from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.matching.search.scoring import (
    ModeWeights,
    RawScores,
    Scale,
    Scores,
    lexical_norm,
    lexical_overlap,
    mean_max_sim,
    mean_max_sims,
    measure_scale,
    raw_scores,
)


def test_lexical_overlap_hand_computed() -> None:
    # shared tokens 2 and 3: 0.5 * 0.4 + 1.0 * 2.0
    assert lexical_overlap({1: 9.0, 2: 0.5, 3: 1.0}, {2: 0.4, 3: 2.0, 4: 9.0}) == pytest.approx(2.2)


def test_lexical_overlap_is_symmetric_and_zero_without_shared_tokens() -> None:
    assert lexical_overlap({1: 1.0}, {1: 3.0, 2: 1.0}) == lexical_overlap({1: 3.0, 2: 1.0}, {1: 1.0}) == 3.0
    assert lexical_overlap({1: 1.0}, {2: 1.0}) == lexical_overlap({}, {2: 1.0}) == 0.0


def test_lexical_norm_hand_computed() -> None:
    assert lexical_norm({1: 3.0, 2: 4.0}) == pytest.approx(5.0)


def test_mean_max_sim_hand_computed() -> None:
    question = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    wording = np.array([[0.6, 0.8], [1.0, 0.0], [-1.0, 0.0]], dtype=np.float32)
    # first token: max(.6, 1, -1) = 1; second: max(.8, 0, 0) = .8; mean .9
    assert mean_max_sim(question, wording) == pytest.approx(0.9)


def test_mean_max_sim_is_not_symmetric() -> None:
    a = np.array([[1.0, 0.0]], dtype=np.float32)
    b = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    assert mean_max_sim(a, b) == pytest.approx(1.0)
    assert mean_max_sim(b, a) == pytest.approx(0.5)


def test_negative_similarities_survive_beside_longer_wordings() -> None:
    question = np.array([[1.0, 0.0]], dtype=np.float32)
    stacked = np.array([[-1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.0, -1.0]], dtype=np.float32)
    # wordings of 1, 2 and 1 tokens
    assert mean_max_sims(question, stacked, np.array([0, 1, 3])) == pytest.approx([-1.0, 0.6, 0.0])


def test_many_wordings_at_once_agree_with_one_by_one() -> None:
    random = np.random.default_rng(1)
    question = random.normal(size=(5, 8)).astype(np.float32)
    parts = [random.normal(size=(n, 8)).astype(np.float32) for n in (1, 7, 3)]
    together = mean_max_sims(question, np.concatenate(parts), np.array([0, 1, 8]))
    assert together == pytest.approx([mean_max_sim(question, part) for part in parts], abs=1e-6)


def test_hybrid_is_the_weighted_sum_over_the_sum_of_weights() -> None:
    # (0.4 * 0.5 + 0.2 * 1 + 0.4 * 0.25) / 1
    assert ModeWeights().combine(Scores(0.5, 1.0, 0.25)) == pytest.approx(0.5)
    # only proportions matter
    assert ModeWeights(4, 2, 4).combine(Scores(0.5, 1.0, 0.25)) == pytest.approx(0.5)


def test_scale_maps_the_background_to_zero_and_identity_to_one() -> None:
    scale = Scale(dense=0.8, colbert=0.5)
    assert scale.normalise(RawScores(0.8, 0.0, 0.5), 1.0, 1.0) == Scores(0.0, 0.0, 0.0)
    same = scale.normalise(RawScores(1.0, 4.0, 1.0), 2.0, 2.0)
    assert (same.dense, same.sparse, same.colbert) == pytest.approx((1.0, 1.0, 1.0))


def test_scale_never_leaves_zero_to_one() -> None:
    scale = Scale(dense=0.8, colbert=0.5)
    low = scale.normalise(RawScores(-1.0, 0.0, -1.0), 1.0, 1.0)
    high = scale.normalise(RawScores(1.01, 9.0, 1.01), 1.0, 1.0)
    assert low == Scores(0.0, 0.0, 0.0)
    assert high == Scores(1.0, 1.0, 1.0)


def test_a_text_without_lexical_tokens_scores_zero_in_sparse() -> None:
    assert Scale().normalise(RawScores(0.5, 0.0, 0.5), 0.0, 1.0).sparse == 0.0


def _encoding(dense: list[float], weights: dict[int, float]) -> Encoding:
    vector = np.array(dense, dtype=np.float32)
    return Encoding(vector, weights, vector[None, :])


def test_measured_scale_is_the_mean_over_ordered_pairs() -> None:
    a, b = _encoding([1.0, 0.0], {}), _encoding([0.6, 0.8], {})
    assert measure_scale([a, b]).dense == pytest.approx(0.6)


def test_raw_scores_hand_computed() -> None:
    raw = raw_scores(_encoding([1.0, 0.0], {1: 2.0}), _encoding([0.6, 0.8], {1: 3.0}))
    assert (raw.dense, raw.sparse, raw.colbert) == pytest.approx((0.6, 6.0, 0.6))

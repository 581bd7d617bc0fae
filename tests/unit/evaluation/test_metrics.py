from __future__ import annotations

import numpy as np
import pytest

from faqbot.evaluation.metrics import Outcome, auroc, calibration_of, coverage_at, measure


def test_auroc_hand_computed_with_a_tie() -> None:
    # pairs: (.9,.5) won, (.9,.1) won, (.5,.5) tied, (.5,.1) won: 3.5 of 4
    assert auroc(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == pytest.approx(0.875)


def test_auroc_needs_both_kinds() -> None:
    assert auroc(np.array([0.9]), np.array([])) is None


def test_coverage_hand_computed() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    right = np.array([True, True, False, True])
    # first two: 2 of 2; all four: 3 of 4
    assert coverage_at(confidence, right, 0.95) == pytest.approx(0.5)
    assert coverage_at(confidence, right, 0.75) == pytest.approx(1.0)


def test_questions_of_equal_confidence_are_answered_together() -> None:
    confidence = np.array([0.9, 0.9])
    assert coverage_at(confidence, np.array([True, False]), 0.95) == 0.0


def test_coverage_counts_a_later_recovery() -> None:
    confidence = np.linspace(1, 0.1, 20)
    right = np.array([False] + [True] * 19)
    assert coverage_at(confidence, right, 0.95) == pytest.approx(1.0)


def test_ece_hand_computed() -> None:
    # ten bins of one: |.8 - 1| five times, |.8 - 0| five times
    half_right = [Outcome(rank, 0.8, answerable=True) for rank in (1, None) * 5]
    assert measure(half_right, probabilities=True).ece == pytest.approx(0.5)
    # 20 in ten bins of two: both bins of a right and a wrong one lie at .5, the other eight are all right at 1
    mixed = [Outcome(rank, 0.5, answerable=True) for rank in (1, None) * 2] + [Outcome(1, 1.0, answerable=True)] * 16
    assert measure(mixed, probabilities=True).ece == 0.0


def test_ranks_hand_computed() -> None:
    outcomes = [
        Outcome(1, 0.9, answerable=True, answered=True),
        Outcome(4, 0.8, answerable=True, answered=True),
        Outcome(None, 0.2, answerable=True, answered=False),
        Outcome(None, 0.1, answerable=False, answered=False),
    ]
    metrics = measure(outcomes, probabilities=True)
    assert metrics.hit_at_1 == pytest.approx(1 / 3)
    assert metrics.hit_at_5 == pytest.approx(2 / 3)
    assert metrics.mrr_at_10 == pytest.approx((1 + 0.25) / 3)
    assert metrics.answered == pytest.approx(0.5)
    assert metrics.answered_precision == pytest.approx(0.5)


def test_figures_that_do_not_apply_are_none() -> None:
    metrics = measure([Outcome(1, 0.9, answerable=True)], probabilities=False)
    assert (metrics.auroc, metrics.answered, metrics.answered_precision, metrics.ece) == (None, None, None, None)


def test_brier_score_and_reliability_hand_computed() -> None:
    outcomes = [
        Outcome(1, 0.9, answerable=True),
        Outcome(2, 0.6, answerable=True),
        Outcome(None, 0.2, answerable=False),
    ]
    found = calibration_of(outcomes)
    # (.1^2 + .6^2 + .2^2) / 3
    assert found.brier == pytest.approx(0.41 / 3)
    assert [(row.mean_confidence, row.precision, row.count) for row in found.reliability] == [
        (0.2, 0.0, 1),
        (0.6, 0.0, 1),
        (0.9, 1.0, 1),
    ]

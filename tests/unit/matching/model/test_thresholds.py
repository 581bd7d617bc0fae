from __future__ import annotations

import numpy as np
import pytest

from faqbot.matching.model.thresholds import Sample, Source, choose_thresholds, clopper_pearson


def sample(confidence: list[float], right: list[float], source: Source = "labelled", share: float = 0.25) -> Sample:
    beliefs = np.array(confidence)
    hits = np.array(right)
    answerable = np.ones(len(beliefs), dtype=bool)
    return Sample(beliefs, (1 - beliefs) / 2, hits, np.where(hits > 0, beliefs, np.nan), answerable, source, share)


def calibrated(count: int, seed: int = 0, source: Source = "labelled") -> Sample:
    random = np.random.default_rng(seed)
    confidence = random.random(count)
    return sample(confidence.tolist(), (random.random(count) < confidence).astype(float).tolist(), source)


def test_the_threshold_is_the_smallest_that_promises_the_target() -> None:
    # Of uniform confidences those above 0.8 average to 0.9.
    found = choose_thresholds(calibrated(20_000), 0.9, "labelled")
    assert found.answer == pytest.approx(0.8, abs=0.02)
    assert found.coverage == pytest.approx(0.2, abs=0.02)
    assert found.precision == pytest.approx(0.9, abs=0.01)
    assert found.interval is not None
    assert found.interval[0] < 0.9 < found.interval[1]
    assert found.ece is not None
    assert found.ece < 0.02
    assert not found.cautious


def test_zero_answers_everything_and_one_nothing_but_exact_wordings() -> None:
    assert choose_thresholds(calibrated(100), 0.0, "default").answer == 0.0
    assert choose_thresholds(calibrated(100), 1.0, "default").answer == 1.0


def test_a_higher_target_never_answers_more() -> None:
    chosen = [choose_thresholds(calibrated(500), target, "labelled").answer for target in (0.8, 0.9, 0.95, 0.98)]
    assert chosen == sorted(chosen)


def test_labels_that_contradict_the_promise_raise_the_threshold() -> None:
    confidence = np.linspace(0.5, 0.99, 200).tolist()
    kept = choose_thresholds(sample(confidence, [1.0] * 200), 0.9, "labelled")
    broken = choose_thresholds(sample(confidence, [1.0, 0.0] * 100), 0.9, "labelled")
    assert broken.answer > kept.answer
    assert broken.coverage < 0.05


def test_a_small_sample_says_so_and_stays_cautious() -> None:
    found = choose_thresholds(sample([0.6, 0.99], [1.0, 1.0]), 0.95, "labelled")
    assert found.cautious
    assert found.answer >= 0.89
    nothing = choose_thresholds(sample([], []), 0.95, "default")
    assert nothing.cautious
    assert nothing.answer == pytest.approx(0.9)
    assert nothing.precision is None


def test_the_reliability_table_counts_every_question_once() -> None:
    found = choose_thresholds(calibrated(1003), 0.9, "labelled")
    assert sum(row.count for row in found.reliability) == 1003
    assert len(found.reliability) > 1
    assert all(a.high <= b.low for a, b in zip(found.reliability, found.reliability[1:], strict=False))


def test_held_out_wordings_are_weighted_to_the_assumed_share() -> None:
    beliefs = np.full(40, 0.5)
    answerable = np.arange(40) < 10
    held = Sample(beliefs, beliefs, answerable.astype(float), beliefs, answerable, "wordings", 0.2)
    weights = held.weights()
    assert weights[answerable].sum() / weights.sum() == pytest.approx(0.8)


def test_moving_the_share_is_bayes_rule_and_can_be_taken_back() -> None:
    before = sample([0.6], [1.0], share=0.25)
    after = before.at_share(0.5)
    # Odds of "none" rise threefold: 0.2 against 0.8 becomes 0.6 against 0.8.
    assert after.none[0] == pytest.approx(0.6 / 1.4)
    assert after.confidence[0] == pytest.approx(0.6 / 1.4)
    assert after.at_share(0.25).confidence[0] == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("right", "answered", "low", "high"), [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (8, 10, 0.4439, 0.9748)]
)
def test_the_interval_is_clopper_and_pearsons(right: int, answered: int, low: float, high: float) -> None:
    assert clopper_pearson(right, answered) == pytest.approx((low, high), abs=1e-4)


def test_a_sample_that_is_surer_than_the_target_throughout_puts_the_threshold_at_the_target() -> None:
    # All four promise 0.98, and nobody knows of questions below; then a confidence of 0.95 means what it says.
    found = choose_thresholds(sample([0.974, 0.976, 0.985, 0.99], [1.0] * 4, "wordings"), 0.95, "default")
    assert found.answer == pytest.approx(0.95)
    # With one that is too unsure the sample itself says where to stop.
    found = choose_thresholds(sample([0.974, 0.976, 0.985, 0.3], [1.0, 1.0, 1.0, 0.0], "wordings"), 0.95, "default")
    assert found.answer == pytest.approx(0.974)

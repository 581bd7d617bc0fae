from __future__ import annotations

import numpy as np
import pytest

from faqbot.matching.model.label_shift import log_odds
from faqbot.services.answering.traffic import TrafficWatch


def _traffic(share: float, count: int) -> list[float]:
    """Probabilities that nothing fits, assuming a share of 0.25, of questions of which `share` have no answer."""
    random = np.random.default_rng(5)
    unanswerable = random.random(count) < share
    evidence = np.where(unanswerable, random.normal(2, 2, count), random.normal(-2, 2, count))
    return list(1 / (1 + np.exp(-(evidence + log_odds(0.25)))))


def test_no_estimate_before_the_three_hundredth_question_then_every_hundredth() -> None:
    watch = TrafficWatch()
    estimates = [watch.saw(0.1, 0.25) for _ in range(500)]
    assert [place for place, share in enumerate(estimates, start=1) if share is not None] == [300, 400, 500]


@pytest.mark.parametrize("share", [0.05, 0.4, 0.7])
def test_the_share_is_found_without_labels(share: float) -> None:
    watch = TrafficWatch()
    estimates = [watch.saw(none, 0.25) for none in _traffic(share, 3000)]
    assert estimates[-1] == pytest.approx(share, abs=0.05)


def test_a_change_of_the_assumed_share_changes_nothing_in_the_estimate() -> None:
    steady, moved = TrafficWatch(), TrafficWatch()
    estimates = 0
    for place, none in enumerate(_traffic(0.5, 600)):
        evidence = np.log(none / (1 - none)) - log_odds(0.25)
        believed = 0.25 if place < 300 else 0.6
        shifted = 1 / (1 + np.exp(-(evidence + log_odds(believed))))
        first, second = steady.saw(none, 0.25), moved.saw(float(shifted), believed)
        assert (first is None) == (second is None)
        if first is not None:
            estimates += 1
            assert second == pytest.approx(first, abs=1e-3)
    # After 300, 400, 500 and 600 questions.
    assert estimates == 4

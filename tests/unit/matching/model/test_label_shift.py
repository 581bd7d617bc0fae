from __future__ import annotations

import numpy as np
import pytest

from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, log_odds, unanswerable_share


def calibrated_traffic(share: float, count: int, seed: int = 0) -> np.ndarray:
    """Beliefs at the cautious share about questions of which another share is unanswerable."""
    random = np.random.default_rng(seed)
    unanswerable = random.random(count) < share
    # Two normal densities one apart: the log-likelihood ratio is known exactly.
    signal = random.normal(size=count) + np.where(unanswerable, 1.0, -1.0)
    odds = 2.0 * signal + log_odds(CAUTIOUS_SHARE)
    return 1.0 / (1.0 + np.exp(-odds))


@pytest.mark.parametrize("share", [0.05, 0.25, 0.6])
def test_the_share_is_found_without_a_label(share: float) -> None:
    found = unanswerable_share(calibrated_traffic(share, 4000), believed=CAUTIOUS_SHARE)
    assert found == pytest.approx(share, abs=0.03)


def test_a_handful_of_questions_hardly_moves_the_cautious_share() -> None:
    assert unanswerable_share(calibrated_traffic(0.9, 3), believed=CAUTIOUS_SHARE) < 0.4
    assert unanswerable_share(np.zeros(0), believed=0.5) == pytest.approx(CAUTIOUS_SHARE, abs=1e-3)


def test_shares_of_zero_and_one_stay_finite() -> None:
    assert np.isfinite(log_odds(0.0))
    assert np.isfinite(log_odds(1.0))
    assert log_odds(0.5) == 0.0

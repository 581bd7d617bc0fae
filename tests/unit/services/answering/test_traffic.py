from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from faqbot.matching.decision.decision import Decider
from faqbot.matching.model.label_shift import log_odds
from faqbot.services.answering.traffic import TrafficWatch, adapted
from faqbot.services.values.origin import Origin


def _traffic(share: float, count: int) -> list[float]:
    """Probabilities that nothing fits, assuming a share of 0.25, of questions of which `share` have no answer."""
    random = np.random.default_rng(5)
    unanswerable = random.random(count) < share
    evidence = np.where(unanswerable, random.normal(2, 2, count), random.normal(-2, 2, count))
    return list(1 / (1 + np.exp(-(evidence + log_odds(0.25)))))


def test_no_estimate_before_the_three_hundredth_question_then_every_hundredth() -> None:
    watch = TrafficWatch()
    estimates = [watch.saw(f"question {number}", 0.1, 0.25) for number in range(500)]
    assert [place for place, share in enumerate(estimates, start=1) if share is not None] == [300, 400, 500]


@pytest.mark.parametrize("share", [0.05, 0.4, 0.7])
def test_the_share_is_found_without_labels(share: float) -> None:
    watch = TrafficWatch()
    estimates = [watch.saw(f"question {n}", none, 0.25) for n, none in enumerate(_traffic(share, 3000))]
    assert estimates[-1] == pytest.approx(share, abs=0.05)


def test_a_change_of_the_assumed_share_changes_nothing_in_the_estimate() -> None:
    steady, moved = TrafficWatch(), TrafficWatch()
    estimates = 0
    for place, none in enumerate(_traffic(0.5, 600)):
        evidence = np.log(none / (1 - none)) - log_odds(0.25)
        believed = 0.25 if place < 300 else 0.6
        shifted = 1 / (1 + np.exp(-(evidence + log_odds(believed))))
        first = steady.saw(f"question {place}", none, 0.25)
        second = moved.saw(f"question {place}", float(shifted), believed)
        assert (first is None) == (second is None)
        if first is not None:
            estimates += 1
            assert second == pytest.approx(first, abs=1e-3)
    # After 300, 400, 500 and 600 questions.
    assert estimates == 4


def test_a_question_that_is_repeated_counts_once() -> None:
    watch = TrafficWatch()
    assert [watch.saw("is this thing on?", 0.99, 0.25) for _ in range(600)] == [None] * 600
    assert all(watch.saw(f"question {number}", 0.1, 0.25) is None for number in range(298))
    assert watch.saw("the three hundredth", 0.1, 0.25) is not None


class _Learned:
    """Stands in for a decider of which a share of answerable questions, always the same, is answered."""

    def __init__(self, share: float, source: str = "default") -> None:
        self.thresholds = SimpleNamespace(share=share, share_source=source, coverage=0.8 * (1 - share))

    def at_share(self, share: float) -> _Learned:
        return _Learned(share, "traffic")


def _moved_to(share: float) -> float:
    return adapted(cast(Decider, _Learned(0.25)), share).thresholds.share


def test_traffic_moves_what_was_learned_until_a_tenth_of_the_coverage_is_gone() -> None:
    # Learned: 0.8 * 0.75 = 0.6 of all questions are answered; 0.54 of them still are where 0.325 have no answer.
    assert _moved_to(0.3) == 0.3
    assert _moved_to(0.9) == pytest.approx(0.325, abs=0.65 / 256)
    assert 0.8 * (1 - _moved_to(0.9)) >= 0.54


def test_traffic_makes_nothing_bolder() -> None:
    assert _moved_to(0.05) == 0.25


@pytest.mark.parametrize(
    "person",
    [Origin(network="203.0.113.5"), Origin(channel="slack", session_id="U1")],
    ids=["network", "session"],
)
def test_a_person_who_asks_many_questions_counts_once(person: Origin) -> None:
    watch = TrafficWatch()
    assert [watch.saw(f"nonsense {number}", 0.99, 0.25, person) for number in range(600)] == [None] * 600
    assert all(watch.saw(f"question {number}", 0.1, 0.25) is None for number in range(298))
    assert watch.saw("the three hundredth", 0.1, 0.25) is not None


def test_one_network_with_many_sessions_counts_once_and_so_does_one_session_with_many_networks() -> None:
    watch = TrafficWatch()
    for number in range(300):
        watch.saw(f"a {number}", 0.99, 0.25, Origin("api", session_id=f"s{number}", network="203.0.113.5"))
        watch.saw(f"b {number}", 0.99, 0.25, Origin("api", session_id="one", network=f"198.51.100.{number}"))
    assert all(watch.saw(f"question {number}", 0.1, 0.25) is None for number in range(297))
    assert watch.saw("the three hundredth", 0.1, 0.25) is not None


def test_after_enough_others_a_person_counts_again() -> None:
    watch, person = TrafficWatch(), Origin(network="203.0.113.5")
    watch.saw("once", 0.5, 0.25, person)
    for number in range(5000):
        watch.saw(f"question {number}", 0.1, 0.25)
    # Counted: 5,001. The 5,099th other one is the hundredth.
    watch.saw("again", 0.5, 0.25, person)
    assert all(watch.saw(f"more {number}", 0.1, 0.25) is None for number in range(97))
    assert watch.saw("the last", 0.1, 0.25) is not None

from __future__ import annotations

import pytest

from faqbot.knowledge import Wording
from faqbot.matching.model.learning import unlearned
from faqbot.matching.model.prior import load_prior

WORDINGS = [Wording("a", "a", "How do I pay?"), Wording("b", "b", "How do I return it?")]


@pytest.mark.parametrize(("target", "answer"), [(0.95, 0.9), (0.99, 0.98), (0.3, 0.0), (1.0, 1.0)])
def test_what_nothing_was_learned_from_answers_from_a_safe_threshold(target: float, answer: float) -> None:
    # Twice as far from certainty as the target: above a threshold errors are half as frequent as at it.
    thresholds = unlearned(WORDINGS, load_prior("no model in particular"), target).thresholds
    assert thresholds.answer == pytest.approx(answer)
    assert thresholds.cautious
    assert (thresholds.precision, thresholds.coverage, thresholds.sample) == (None, 0.0, 0)


def test_the_share_of_unanswerable_questions_may_move_before_anything_is_learned() -> None:
    moved = unlearned(WORDINGS, load_prior("no model in particular")).at_share(0.6, "traffic")
    assert (moved.thresholds.share, moved.thresholds.share_source) == (0.6, "traffic")

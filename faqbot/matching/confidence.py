"""From scores to the probability that an entry answers the question."""

from __future__ import annotations

import math

# A question that scores 0.62 is as likely right as wrong; 0.1 more makes it five times likelier right.
_MIDPOINT, _STEEPNESS = 0.62, 16.0


def confidence_of(score: float, margin: float) -> float:
    """A monotone stand-in for the learned probability.

    Args:
        score: The entry's score, 0..1.
        margin: Its lead over the next entry's score, 0..1; 0 when there is none to lead.

    Returns:
        0..1, never quite 1: only an exact wording is certain.
    """
    return 0.99 / (1.0 + math.exp(-_STEEPNESS * (score + 0.5 * min(margin, 0.2) - _MIDPOINT)))

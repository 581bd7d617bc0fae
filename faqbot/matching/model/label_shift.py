"""How much of the traffic has no answer, from the traffic alone.

Saerens, Latinne, Decaestecker 2002, "Adjusting the outputs of a classifier to new a priori probabilities": while the
questions of each kind stay alike and only the share of the kinds moves, expectation maximisation over unlabelled
questions finds the likeliest share. One probability per question is all that is needed.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import special

Vector = npt.NDArray[np.float64]

CAUTIOUS_SHARE = 0.25
"""Assumed where nothing is known, and the centre of the estimate's prior."""

# The prior's weight in questions: a day of light traffic outvotes it.
_PRIOR_QUESTIONS = 20.0
_LOWEST, _HIGHEST = 0.01, 0.95


def log_odds(share: float) -> float:
    """Of a share, which is kept within 0.01..0.95 so that no amount of traffic makes anything certain."""
    kept = min(max(share, _LOWEST), _HIGHEST)
    return math.log(kept / (1.0 - kept))


def labelled_share(unanswerable: int, labelled: int) -> float:
    """The share of unanswerable questions where people labelled some, drawn towards `CAUTIOUS_SHARE` by a few.

    Args:
        unanswerable: Of the labelled questions, those that nothing answers.
        labelled: All of them.
    """
    return (unanswerable + _PRIOR_QUESTIONS * CAUTIOUS_SHARE) / (labelled + _PRIOR_QUESTIONS)


def unanswerable_share(none: Vector, believed: float) -> float:
    """The likeliest share of unanswerable questions.

    Args:
        none: Per question of the traffic the probability that nothing fits, 0..1, shape (n,).
        believed: The share that these probabilities assume.

    Returns:
        0.01..0.95, drawn towards `CAUTIOUS_SHARE` where there are few questions.
    """
    clipped = np.clip(none, 1e-9, 1 - 1e-9)
    evidence = special.logit(clipped) - log_odds(believed)
    share = believed
    for _ in range(200):
        posterior = special.expit(evidence + log_odds(share))
        updated = (float(posterior.sum()) + _PRIOR_QUESTIONS * CAUTIOUS_SHARE) / (len(none) + _PRIOR_QUESTIONS)
        if abs(updated - share) < 1e-5:
            break
        share = updated
    return min(max(share, _LOWEST), _HIGHEST)

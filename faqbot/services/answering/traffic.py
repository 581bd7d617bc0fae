"""How much of the traffic has no answer, watched as questions come in, and how far that may move what was learned."""

from __future__ import annotations

import hashlib
import math
import threading
from collections import OrderedDict

import numpy as np
from scipy.special import expit

from faqbot.knowledge import match_key
from faqbot.matching.decision.decision import Decider
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, log_odds, unanswerable_share

_ENOUGH = 300
_EVERY = 100
_WINDOW = 5000
_COVERAGE_KEPT = 0.9
"""Strangers' questions, whatever they are, leave so much of the coverage that was learned at publish."""

_STEPS = 8
"""Halvings of a share that goes too far: it is found to a 256th of the way."""


class TrafficWatch:
    """Remembers how strongly each recent question looked as if nothing fits. Safe to share among threads.

    A question counts once, however often it is asked while it is remembered: one sentence repeated is no traffic.
    """

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        # By a checksum of the question, the oldest first.
        self._evidence: OrderedDict[bytes, float] = OrderedDict()
        self._seen = 0
        self._lock = threading.Lock()

    def saw(self, question: str, none: float, believed: float) -> float | None:
        """Take note of a question.

        Args:
            question: What was asked; only its checksum is kept.
            none: The probability that nothing fits, 0..1.
            believed: The share of unanswerable questions that it assumes.

        Returns:
            A new estimate of that share after every hundredth new question, from the three hundredth on; else None.
        """
        clipped = min(max(none, 1e-9), 1 - 1e-9)
        name = hashlib.blake2b(match_key(question).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        with self._lock:
            if name in self._evidence:
                return None
            # Freed from the share it assumed, so that estimates before and after a change can be put together.
            self._evidence[name] = math.log(clipped / (1 - clipped)) - log_odds(believed)
            if len(self._evidence) > _WINDOW:
                self._evidence.popitem(last=False)
            self._seen += 1
            if self._seen < _ENOUGH or self._seen % _EVERY:
                return None
            evidence = np.array(list(self._evidence.values()))
        return unanswerable_share(expit(evidence + log_odds(CAUTIOUS_SHARE)), CAUTIOUS_SHARE)


def adapted(learned: Decider, share: float) -> Decider:
    """What was learned, moved towards the share of unanswerable questions that traffic shows.

    Anybody can ask, so anybody can make traffic look like anything. It may make answers more cautious, never bolder,
    and only as far as the expected coverage stays above nine tenths of what was learned; only a person goes further.

    Args:
        learned: As it was published.
        share: Of unanswerable questions, 0..1, as `TrafficWatch` estimates it.
    """
    least = _COVERAGE_KEPT * learned.thresholds.coverage
    low, moved = learned.thresholds.share, learned.at_share(max(share, learned.thresholds.share))
    if moved.thresholds.coverage >= least:
        return moved
    high = share
    for _step in range(_STEPS):
        middle = (low + high) / 2
        if learned.at_share(middle).thresholds.coverage >= least:
            low = middle
        else:
            high = middle
    return learned.at_share(low)

"""How much of the real traffic has no answer, watched as questions come in; no text is needed."""

from __future__ import annotations

import math
import threading
from collections import deque

import numpy as np
from scipy.special import expit

from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, log_odds, unanswerable_share

_ENOUGH = 300
_EVERY = 100
_WINDOW = 5000


class TrafficWatch:
    """Remembers of each recent question only how strongly it looked as if nothing fits. Safe to share among threads."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._evidence: deque[float] = deque(maxlen=_WINDOW)
        self._seen = 0
        self._lock = threading.Lock()

    def saw(self, none: float, believed: float) -> float | None:
        """Take note of a question.

        Args:
            none: The probability that nothing fits, 0..1.
            believed: The share of unanswerable questions that it assumes.

        Returns:
            A new estimate of that share after every hundredth question, from the three hundredth on; else None.
        """
        clipped = min(max(none, 1e-9), 1 - 1e-9)
        with self._lock:
            # Freed from the share it assumed, so that estimates before and after a change can be put together.
            self._evidence.append(math.log(clipped / (1 - clipped)) - log_odds(believed))
            self._seen += 1
            if self._seen < _ENOUGH or self._seen % _EVERY:
                return None
            evidence = np.array(self._evidence)
        return unanswerable_share(expit(evidence + log_odds(CAUTIOUS_SHARE)), CAUTIOUS_SHARE)

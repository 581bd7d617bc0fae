"""How much of the traffic has no answer, watched as questions come in, and how far that may move what was learned."""

from __future__ import annotations

import hashlib
import math
import threading
from collections import deque
from secrets import token_bytes

import numpy as np
from scipy.special import expit

from faqbot.knowledge import match_key
from faqbot.matching.decision.decision import Decider
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE, log_odds, unanswerable_share
from faqbot.matching.model.thresholds import Thresholds
from faqbot.services.values.origin import Origin

_ENOUGH = 300
_EVERY = 100
_WINDOW = 5000
_KEY_BYTES = 16
_NOWHERE = Origin()
_COVERAGE_KEPT = 0.9
"""Strangers' questions, whatever they are, leave so much of the coverage that was learned at publish."""

_STEPS = 8
"""Halvings of a share that goes too far: it is found to a 256th of the way."""


class TrafficWatch:
    """Remembers how strongly each recent question looked as if nothing fits. Safe to share among threads.

    A question counts once while it is remembered, however often it is asked, and so do a session and a network: neither
    one sentence repeated nor one person with many sentences is traffic.
    """

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._evidence: deque[float] = deque(maxlen=_WINDOW)
        # What each of them came from; hashed, so that no address and no session stays anywhere in plain.
        self._sources: deque[tuple[bytes, ...]] = deque()
        self._counted: set[bytes] = set()
        self._key = token_bytes(_KEY_BYTES)
        self._seen = 0
        self._lock = threading.Lock()

    def saw(self, question: str, none: float, believed: float, origin: Origin = _NOWHERE) -> float | None:
        """Take note of a question.

        Args:
            question: What was asked; only a keyed hash of it is kept.
            none: The probability that nothing fits, 0..1.
            believed: The share of unanswerable questions that it assumes.
            origin: Its session and network count once; kept as the question is.

        Returns:
            A new estimate of that share after every hundredth new question, from the three hundredth on; else None.
        """
        clipped = min(max(none, 1e-9), 1 - 1e-9)
        session = f"{origin.channel}\0{origin.session_id}" if origin.session_id else ""
        named = {"question": match_key(question), "session": session, "network": origin.network}
        sources = tuple(self._hash(f"{kind}\0{text}") for kind, text in named.items() if text)
        with self._lock:
            if not self._counted.isdisjoint(sources):
                return None
            if len(self._sources) == _WINDOW:
                self._counted.difference_update(self._sources.popleft())
            self._sources.append(sources)
            self._counted.update(sources)
            # Freed from the share it assumed, so that estimates before and after a change can be put together.
            self._evidence.append(math.log(clipped / (1 - clipped)) - log_odds(believed))
            self._seen += 1
            if self._seen < _ENOUGH or self._seen % _EVERY:
                return None
            evidence = np.array(self._evidence)
        return unanswerable_share(expit(evidence + log_odds(CAUTIOUS_SHARE)), CAUTIOUS_SHARE)

    def _hash(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=8).digest()


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


def figures_of(thresholds: Thresholds) -> dict[str, float]:
    """What people are told of thresholds that traffic has moved: both bounds, the coverage, the share behind them."""
    return {
        "answer": thresholds.answer,
        "suggest": thresholds.suggest,
        "coverage": thresholds.coverage,
        "share": thresholds.share,
    }

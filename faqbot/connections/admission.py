"""How much is let in: only as much as is likely to be answered soon, by what answers took lately."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

_SECONDS = 1.0
"""So long a request may have to wait for those before it."""
_FEWEST = 16
"""So many are let in however long they take: they share passes of the model."""
_MEMORY = 64
"""Of about so many answers the rate is the mean."""
_GUESS = 64.0
"""Answers per second, as long as none was made."""


class Admission:
    """Counts requests in hand. Only the loop's thread uses it.

    By Little's law the last of n requests in hand, of which r are answered in a second, waits for n / r seconds. Only
    POST is bounded by that: a GET that waits for a job (`?wait=60`) is no work, and its length says nothing of others'.
    """

    def __init__(self, most: int, clock: Callable[[], float] = monotonic) -> None:
        """Start with none in hand.

        Args:
            most: Requests of any kind in hand.
            clock: In seconds.
        """
        self._most, self._clock = most, clock
        self._posts = self._others = 0
        # Seconds in which there was work, and answers made in them; both fade.
        self._busy, self._answers, self._since = 1.0, _GUESS, 0.0

    def is_full(self, *, is_post: bool) -> bool:
        """Whether one more is one too many."""
        if self._posts + self._others >= self._most:
            return True
        # Time that has passed without an answer counts at once.
        busy = self._busy + (self._clock() - self._since if self._posts else 0.0)
        return is_post and self._posts >= max(_FEWEST, _SECONDS * self._answers / busy)

    def enter(self, *, is_post: bool) -> None:
        """Count one more."""
        if not is_post:
            self._others += 1
            return
        if not self._posts:
            self._since = self._clock()
        self._posts += 1

    def leave(self, *, is_post: bool, is_answer: bool) -> None:
        """Count one less.

        Args:
            is_post: As when it came.
            is_answer: Whether it was answered. Refusals are quick, and many of them would make answers look quick.
        """
        if not is_post:
            self._others -= 1
            return
        self._posts -= 1
        if not is_answer:
            return
        now = self._clock()
        fading = 1 - 1 / _MEMORY
        self._busy = self._busy * fading + now - self._since
        self._answers = self._answers * fading + 1
        self._since = now

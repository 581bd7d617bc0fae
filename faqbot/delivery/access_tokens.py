"""Access tokens that a vendor gives out for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_EARLY_SECONDS = 300


class AccessToken:
    """Keeps one token and gets the next before it expires. Safe to share among threads."""

    def __init__(self, get: Callable[[], tuple[str, float]]) -> None:
        """Bind the way to a new token.

        Args:
            get: Gives a token and the seconds for which it holds.
        """
        self._get = get
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0

    def value(self) -> str:
        """A token that holds for a while yet; errors as the way to it raises."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._token, seconds = self._get()
                self._until = time.monotonic() + max(seconds - _EARLY_SECONDS, seconds / 2)
            return self._token

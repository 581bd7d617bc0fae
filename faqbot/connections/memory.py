"""Bodies of replies that wait in memory: by reference, so that one which many wait for is there once."""

from __future__ import annotations

import sys
import threading


class Memory:
    """How many bytes may wait in memory. Safe to share among threads."""

    def __init__(self, size: int) -> None:
        """Start with all of it free.

        Args:
            size: In bytes.
        """
        self._free, self._lock = size, threading.Lock()
        # By identity, which is theirs alone as long as whoever holds them keeps them.
        self._holders: dict[int, int] = {}

    def hold(self, body: bytes) -> bool:
        """Count a body that is kept from here on until `let_go`; False: there is no room for it."""
        with self._lock:
            holders = self._holders.get(id(body), 0)
            if not holders:
                if sys.getsizeof(body) > self._free:
                    return False
                self._free -= sys.getsizeof(body)
            self._holders[id(body)] = holders + 1
            return True

    def let_go(self, body: bytes) -> None:
        """Count it no more; called while it is still kept."""
        with self._lock:
            self._holders[id(body)] -= 1
            if not self._holders[id(body)]:
                del self._holders[id(body)]
                self._free += sys.getsizeof(body)

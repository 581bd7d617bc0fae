"""How many connections, or requests behind a trusted proxy, one customer's address holds at a time."""

from __future__ import annotations

from collections import Counter


class Holders:
    """Counts per address; only the loop uses it."""

    def __init__(self, most: int) -> None:
        """Start with nobody.

        Args:
            most: For one address; 0: any number.
        """
        self._most, self._held = most, Counter[str]()

    def enter(self, holder: str) -> bool:
        """Count one more; whether it may be."""
        if self._most and self._held[holder] >= self._most:
            return False
        self._held[holder] += 1
        return True

    def leave(self, holder: str) -> None:
        """Count one less; nobody, the empty name, never counted."""
        if not holder:
            return
        self._held[holder] -= 1
        if not self._held[holder]:
            del self._held[holder]

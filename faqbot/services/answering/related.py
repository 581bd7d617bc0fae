"""Which entries ask something near to what another one asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from faqbot.knowledge import Entry
from faqbot.matching.decision.decision import Decider

MOST_RELATED = 5

# Nearer to the same question than to an unrelated text, on the model's own scale.
_NEAR = 0.5
# More than are shown, because some may not be shown to whoever asks.
_KEPT = 30


class Neighbours:
    """The nearest standard questions of each entry of one version; found when first asked for, then remembered.

    Safe to share among threads.
    """

    def __init__(self, entries: Sequence[Entry], decider: Decider) -> None:
        """Bind the version's vectors; nothing is computed yet."""
        self._entries = list(entries)
        self._index = decider.index
        self._floor = decider.ranker.scale.dense
        first: dict[str, int] = {}
        for row, wording in enumerate(self._index.wordings):
            first.setdefault(wording.entry_id, row)
        # The first wording of an entry is its standard question.
        self._rows = np.array([first[entry.entry_id] for entry in self._entries], dtype=np.intp)
        self._places = {entry.entry_id: place for place, entry in enumerate(self._entries)}
        self._found: dict[str, tuple[tuple[str, float], ...]] = {}

    def of(self, entry_id: str) -> tuple[tuple[str, float], ...]:
        """(id, similarity 0.5..1) of the entries nearest to an entry, nearest first, one per topic, its own left out.

        Raises:
            KeyError: The version has no such entry.
        """
        if entry_id not in self._found:
            self._found[entry_id] = self._nearest(self._places[entry_id])
        return self._found[entry_id]

    def _nearest(self, place: int) -> tuple[tuple[str, float], ...]:
        cosines = self._index.between(int(self._rows[place]), self._rows)
        similarities = (cosines - self._floor) / (1.0 - self._floor)
        topics = {self._entries[place].topic}
        found: list[tuple[str, float]] = []
        for other in np.argsort(-similarities, kind="stable"):
            if similarities[other] < _NEAR or len(found) == _KEPT:
                break
            entry = self._entries[other]
            if entry.topic not in topics:
                topics.add(entry.topic)
                found.append((entry.entry_id, min(1.0, float(similarities[other]))))
        return tuple(found)

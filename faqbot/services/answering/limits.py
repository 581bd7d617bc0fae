"""When and for whom entries answer, where that is not always and everybody."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from faqbot.knowledge import Entry, match_key
from faqbot.services.values.replies import ExclusionReason


@dataclass(frozen=True, slots=True)
class Limit:
    """When and for whom one entry answers, where that is not always and everybody.

    Attributes:
        replaces: The entries for everybody that this one, while it answers, takes the place of: those that have a
            wording in common with it.
    """

    entry_id: str
    starts: datetime
    ends: datetime
    segments: frozenset[str]
    replaces: tuple[str, ...] = ()

    def bars(self, moment: datetime, segments: Set[str]) -> ExclusionReason | None:
        """Why the entry does not answer now; None where it does."""
        if moment < self.starts:
            return "not_yet_valid"
        if moment >= self.ends:
            return "expired"
        return "other_segment" if self.segments and not self.segments & segments else None


def limits_of(entries: Sequence[Entry]) -> tuple[Limit, ...]:
    """The limits of those entries that have any."""
    limited = [entry for entry in entries if entry.valid_from or entry.valid_until or entry.segments]
    general: dict[str, dict[str, None]] = {}
    if any(entry.segments for entry in limited):
        for entry in entries:
            for text in () if entry.segments else entry.wordings:
                general.setdefault(match_key(text), {})[entry.entry_id] = None
    return tuple(
        Limit(
            entry.entry_id,
            entry.starts,
            entry.ends,
            frozenset(entry.segments),
            tuple({i: None for text in entry.wordings for i in general.get(match_key(text), ())})
            if entry.segments
            else (),
        )
        for entry in limited
    )

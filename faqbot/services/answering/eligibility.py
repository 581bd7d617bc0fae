"""Which entries may answer a question: those valid now, for whoever asks, within the filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from faqbot.errors import InvalidRequest
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.services.values.replies import ExclusionReason

if TYPE_CHECKING:
    from faqbot.services.answering.snapshot import Snapshot

FILTERS = ("category", "tag", "language", "entry_id", "segment")
"""`segment` says who asks; the others say what may answer."""

Filters = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Eligible:
    """The entries of one version that may answer one question.

    Attributes:
        barred: Why an entry may not, by its id; time and segment only.
        topics: The topics that may answer; None for all.
        passing: The ids that pass the filters; None for all.
    """

    barred: Mapping[str, ExclusionReason]
    topics: Set[str] | None
    passing: Set[str] | None

    def may_answer(self, entry_id: str) -> bool:
        """Whether the entry may be the answer."""
        return self.may_be_offered(entry_id) and (self.passing is None or entry_id in self.passing)

    def may_be_offered(self, entry_id: str) -> bool:
        """Whether the entry may stand beside the answer: filters do not count."""
        return entry_id not in self.barred


def eligible(snapshot: Snapshot, filters: Filters, moment: datetime, channel: str = "") -> Eligible:
    """Find out which entries may answer.

    Args:
        snapshot: The published version.
        filters: One value or several by name; of several one has to hold.
        moment: When the question is asked; aware of its time zone.
        channel: The door through which it comes, which is a segment too.

    Raises:
        InvalidRequest: There is no such filter.
    """
    wanted = {name: {value} if isinstance(value, str) else set(value) for name, value in filters.items()}
    for name in wanted:
        if name not in FILTERS:
            raise InvalidRequest(
                _("There is no filter '{name}'; choose from {filters}.", name=name, filters=list(FILTERS))
            )
    asking = wanted.pop("segment", set()) | {channel}
    barred: dict[str, ExclusionReason] = {
        limit.entry_id: why for limit in snapshot.limits if (why := limit.bars(moment, asking))
    }
    for limit in snapshot.limits:
        if limit.replaces and limit.entry_id not in barred:
            # With its translations: else a customer whom another entry answers would get those instead.
            replaced = (i for e in limit.replaces for i in snapshot.topics[snapshot.entries[e].topic])
            barred |= {entry_id: "replaced_for_segment" for entry_id in replaced if entry_id not in barred}
    if wanted:
        passing = {entry.entry_id for entry in snapshot.entries.values() if _passes(entry, wanted)}
        served = passing - barred.keys()
        return Eligible(barred, {topic for topic, ids in snapshot.topics.items() if served & set(ids)}, passing)
    touched = {snapshot.entries[entry_id].topic for entry_id in barred}
    gone = {topic for topic in touched if all(entry_id in barred for entry_id in snapshot.topics[topic])}
    return Eligible(barred, snapshot.topics.keys() - gone if gone else None, None)


def _passes(entry: Entry, wanted: Mapping[str, set[str]]) -> bool:
    has = {
        "category": {entry.category},
        "tag": set(entry.tags),
        "language": {entry.language},
        "entry_id": {entry.entry_id},
    }
    return all(has[name] & values for name, values in wanted.items())

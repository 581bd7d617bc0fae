"""What differs between two versions, or a version and the draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from faqbot.errors import VersionNotFound
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.storage import Draft, Versions


@dataclass(frozen=True, slots=True)
class EntryDifference:
    """One entry that is in both and differs.

    Attributes:
        entry_id: Which one.
        wordings_added: Wordings that only the later one has.
        wordings_removed: Wordings that only the earlier one has.
        answer: The earlier and the later answer; None where they are equal.
        fields: Names of everything that differs, wordings and answer included.
    """

    entry_id: str
    wordings_added: tuple[str, ...]
    wordings_removed: tuple[str, ...]
    answer: tuple[str, str] | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What differs, each part in the order of the ids."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[EntryDifference, ...]


def difference(earlier: Iterable[Entry], later: Iterable[Entry]) -> VersionDifference:
    """Compare two sets of entries by their ids."""
    before, after = ({entry.entry_id: entry for entry in entries} for entries in (earlier, later))
    return VersionDifference(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(
            _compare(before[entry_id], after[entry_id])
            for entry_id in sorted(before.keys() & after.keys())
            if before[entry_id] != after[entry_id]
        ),
    )


def compare_versions(
    versions: Versions, draft: Draft, earlier: int | None = None, later: int | None = None
) -> VersionDifference:
    """What differs between two versions, or a version and the draft.

    Args:
        versions: What was published.
        draft: What would be.
        earlier: Number of the one; unset: the current version.
        later: Number of the other; unset: the draft's enabled entries.

    Raises:
        VersionNotFound: There is no such version, or nothing is published yet.
    """
    first = versions.current()[0] if earlier is None else earlier
    if first is None:
        raise VersionNotFound(_("Nothing is published yet, so there is nothing to compare with."))
    if later is None:
        other: Iterable[Entry] = [entry for entry in draft.entries() if entry.enabled]
    else:
        other = versions.get(later).entries
    return difference(versions.get(first).entries, other)


def _compare(before: Entry, after: Entry) -> EntryDifference:
    old, new = ((entry.standard_question, *entry.similar_questions) for entry in (before, after))
    return EntryDifference(
        entry_id=before.entry_id,
        wordings_added=tuple(text for text in new if text not in old),
        wordings_removed=tuple(text for text in old if text not in new),
        answer=None if before.answer == after.answer else (before.answer, after.answer),
        fields=tuple(f.name for f in fields(Entry) if getattr(before, f.name) != getattr(after, f.name)),
    )

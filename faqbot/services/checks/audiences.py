"""Whether two entries may ever answer the same customer."""

from __future__ import annotations

from faqbot.knowledge import Entry, match_key


def audiences_overlap(a: Entry, b: Entry) -> bool:
    """Whether there is a moment and a segment in which both entries may answer.

    An entry for a segment takes the place of one for everybody where they have a wording in common.
    """
    if bool(a.segments) != bool(b.segments) and _keys(a) & _keys(b):
        return False
    same_people = not a.segments or not b.segments or bool(set(a.segments) & set(b.segments))
    return same_people and max(a.starts, b.starts) < min(a.ends, b.ends)


def _keys(entry: Entry) -> set[str]:
    return {match_key(text) for text in entry.wordings}

"""Whether two entries may ever answer the same customer."""

from __future__ import annotations

from faqbot.knowledge import Entry


def compete(a: Entry, b: Entry) -> bool:
    """Whether there is a moment and a segment in which both entries may answer."""
    same_people = not a.segments or not b.segments or bool(set(a.segments) & set(b.segments))
    return same_people and max(a.starts, b.starts) < min(a.ends, b.ends)

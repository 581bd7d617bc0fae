"""The time as it is stored."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """This moment in UTC as ISO 8601 with microseconds: as text it sorts as time does."""
    return datetime.now(UTC).isoformat(timespec="microseconds")

"""The rules for texts and moments that every room shares."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta

# Zero-width characters, bidirectional marks and the byte-order mark: NFKC keeps them, nobody sees them. NUL and its
# like, and halves of surrogate pairs, which a shell or a file may hand over, are no text and cannot be stored.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ud800-\udfff\ufeff]")
_SPACES = re.compile(r"\s+")
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Before and after every moment that somebody writes down."""


def moment_of(text: str, *, after: bool = False) -> datetime:
    """The moment that an ISO 8601 date or date-time names; without an offset it is in this machine's time zone.

    Args:
        text: Such as `2026-05-01` or `2026-05-01T09:00+08:00`.
        after: Whether a date stands for the midnight after it instead of the one before it.

    Raises:
        ValueError: It is no date and no date-time.
    """
    # 9999-12-31 is how many programs write "for good"; its midnight is past the last moment in some time zone.
    try:
        moment = datetime.combine(date.fromisoformat(text) + timedelta(days=after), time())
    except OverflowError:
        return LAST
    except ValueError:
        moment = datetime.fromisoformat(text)
    try:
        return moment if moment.tzinfo else moment.astimezone()
    except (OverflowError, ValueError):  # which of the two, differs between releases of Python
        return LAST


def clean(text: str) -> str:
    """NFKC, invisible characters out, runs of white space to one space, trimmed.

    Nothing that changes the meaning: case and punctuation stay.
    """
    text = unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", text)
    return _SPACES.sub(" ", text).strip()


def match_key(text: str) -> str:
    """What two texts share when they are the same wording: `clean`, lower case, letters and digits only.

    Texts without a letter or digit (`???`) keep their cleaned form, so that they do not all look alike.
    """
    cleaned = clean(text).casefold()
    kept = "".join(c for c in cleaned if unicodedata.category(c)[0] in "LNM")
    return kept or cleaned


def has_content(text: str) -> bool:
    """Whether the text holds at least one letter, digit or symbol that a model could read."""
    return any(unicodedata.category(c)[0] in "LNS" for c in clean(text))

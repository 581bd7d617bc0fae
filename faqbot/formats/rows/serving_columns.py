"""The columns that say when, to whom and with what an entry is served; readers as in `faqbot.formats.rows.columns`."""

from __future__ import annotations

import datetime
import re
from urllib.parse import urlsplit

from faqbot.formats.rows.columns import TAG_SEPARATOR, BadValueError, RichText, identifier, items, line, shown, tags
from faqbot.knowledge import moment_of
from faqbot.language import _

MAX_SEGMENTS, MAX_PROMPTS, MAX_ATTACHMENTS, MAX_LINK = 50, 20, 20, 2000
"""Segments, follow-ups and attachments of an entry; characters of a link."""

_DAY_AND_TIME = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?(\d{1,2})(:.+))?")
# No link holds white space, but many hold commas.
LINK_SEPARATOR = re.compile(r"\s+")
_LINK_REFUSED = re.compile(r"[<>\"`\\\x00-\x20\x7f]")


def moment(value: object) -> str:
    """An ISO 8601 date or date-time; empty when not stated. `2026/5/1` and `2026年5月1日` are understood."""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    written = line(value)
    found = _DAY_AND_TIME.fullmatch(written)
    result = written
    if found:
        year, month, day, hour, rest = found.groups()
        result = f"{year}-{month:0>2}-{day:0>2}" + (f"T{hour:0>2}{rest}" if hour else "")
    if result:
        try:
            moment_of(result)
        except ValueError:
            raise BadValueError(
                _(
                    "is {value}; write a date such as 2026-05-01, or a date and time such as 2026-05-01T09:00",
                    value=shown(written),
                )
            ) from None
    return result


def segments(value: object) -> tuple[str, ...]:
    """Segments, separated as tags are."""
    return _bounded(tags(value), MAX_SEGMENTS, _("segments"))


def prompts(value: object) -> tuple[str, ...]:
    """Ids of follow-up entries from a list, or from a cell: separated as tags are, or a JSON list. No repeats."""
    found = (identifier(item) for item in items(value, TAG_SEPARATOR))
    return _bounded(tuple(dict.fromkeys(entry_id for entry_id in found if entry_id)), MAX_PROMPTS, _("ids"))


def attachments(value: object) -> tuple[str, ...]:
    """http(s) links from a list, or from a cell: separated by white space. No repeats."""
    if isinstance(value, RichText) and value.links:
        value = list(value.links)
    found = (line(item) for item in items(value, LINK_SEPARATOR))
    return _bounded(tuple(dict.fromkeys(_link(link) for link in found if link)), MAX_ATTACHMENTS, _("links"))


def answer_threshold(value: object) -> float | None:
    """A number from 0 to 1; None when not stated."""
    written = line(value)
    if not written:
        return None
    try:
        result = float(written)
    except ValueError:
        result = -1.0
    if not 0.0 <= result <= 1.0:
        raise BadValueError(_("is {value}; write a number from 0 to 1, or nothing", value=shown(written)))
    return result


def _link(link: str) -> str:
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or _LINK_REFUSED.search(link):
        raise BadValueError(_("holds {value}; write links that start with https:// or http://", value=shown(link)))
    if len(link) > MAX_LINK:
        raise BadValueError(
            _("holds a link of {count} characters; at most {most} are allowed", count=len(link), most=MAX_LINK)
        )
    return link


def _bounded(values: tuple[str, ...], most: int, what: str) -> tuple[str, ...]:
    if len(values) > most:
        raise BadValueError(
            _("holds {count} {what}; at most {most} are allowed", count=len(values), what=what, most=most)
        )
    return values

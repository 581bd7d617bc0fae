"""Which characters a stored text may hold: those that every format can write and every database can keep."""

from __future__ import annotations

import re

_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What XML 1.0 and YAML cannot hold, and nobody sees: control characters but tab and line feed.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def printable(text: str) -> str:
    """Every kind of line end as a line feed, control characters left out, both ends trimmed."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text)).strip()

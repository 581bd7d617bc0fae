"""Whole numbers for entries: Azure's clients know a question-answer pair by a 32-bit integer, we by a text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

_FIRST = 2**30
_COUNT = 2**30


@lru_cache(maxsize=4)
def number_entries(entry_ids: tuple[str, ...]) -> Mapping[str, int]:
    """Give every entry a number that it keeps through restarts, other workers and later versions.

    An id that is a whole number already stays that number, so that entries can keep those they had. Any other gets one
    from its checksum, 2**30 to 2**31 - 1; where two checksums agree (for ten thousand entries, in one knowledge base
    of twenty) the later id takes the next free number.

    Args:
        entry_ids: Of one published version.

    Returns:
        Entry id -> 0 to 2**31 - 1, no number twice.
    """
    numbers = {entry_id: int(entry_id) for entry_id in entry_ids if _is_number(entry_id)}
    taken = set(numbers.values())
    for entry_id in sorted(set(entry_ids) - numbers.keys()):
        number = int.from_bytes(hashlib.sha256(entry_id.encode()).digest()[:8]) % _COUNT
        while _FIRST + number in taken:
            number = (number + 1) % _COUNT
        numbers[entry_id] = _FIRST + number
        taken.add(_FIRST + number)
    return numbers


def _is_number(entry_id: str) -> bool:
    # `007` and `7` would become the same number: only the plain spelling counts.
    return entry_id.isascii() and entry_id.isdecimal() and str(int(entry_id)) == entry_id and int(entry_id) < _FIRST

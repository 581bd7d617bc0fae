"""International bank account numbers (ISO 13616)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from faqbot.services.answering.masking.plain import is_chinese_numeral, plain

_SHORTEST, _LONGEST = 15, 34
_DIGITS = 8
# Two letters, two check digits, then groups; what is no letter or digit may stand between groups.
_ACCOUNT = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}(?:(?!\n)[\W_]){0,2}\d{2}[A-Za-z0-9]{0,30}(?:(?:(?!\n)[\W_]){1,3}[A-Za-z0-9]{1,30}){0,16}"
)
_GROUP = re.compile(r"[A-Za-z0-9]+")


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """Where account numbers stand, in order.

    Check digits say where one ends (ISO 7064, MOD 97-10). One with a slip of the pen is taken by its shape, groups of
    four: it is somebody's all the same.
    """
    if sum(map(str.isdigit, text)) < _DIGITS:
        return
    # Chinese numerals stay: here they can only begin the next word.
    shadow = "".join(was if is_chinese_numeral(was) else now for was, now in zip(text, plain(text), strict=True))
    place = 0
    while found := _ACCOUNT.search(shadow, place):
        end = _end(found)
        if end:
            yield found.start(), end
        place = end or found.start() + 2


def _end(found: re.Match[str]) -> int:
    start, number, shaped = found.start(), "", 0
    groups = list(_GROUP.finditer(found[0]))
    regular = True
    for place, group in enumerate(groups):
        number += group[0].upper()
        if len(number) > _LONGEST:
            break
        if len(number) >= _SHORTEST and int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1:
            return start + group.end()
        has_digit = any(map(str.isdigit, group[0]))
        regular = regular and (has_digit or (len(group[0]) in (2, 4) and place <= 1))
        if regular and has_digit and len(number) >= _SHORTEST and sum(map(str.isdigit, number)) >= _DIGITS:
            shaped = start + group.end()
        # A shorter group is the last one.
        regular = regular and (len(group[0]) == 4 or len(groups[0][0]) == 2 or place == 0)
    return shaped

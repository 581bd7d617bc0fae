"""Long numbers that are nobody's: dates, opening hours, prices, sizes, and counting."""

from __future__ import annotations

import re
from itertools import pairwise

_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_READABLE = re.compile(
    r"(?:"
    r"[0-2]?\d:[0-5]\d(?::[0-5]\d)?"
    rf"|{_YEAR}([-./]){_MONTH}\1{_DAY}(?: ?[-~] ?{_DAY}(?![-./\d]))?"
    rf"|{_DAY}([-./]){_MONTH}\2(?:{_YEAR}|\d\d)"
    rf"|{_MONTH}/{_DAY}/(?:{_YEAR}|\d\d)"
    rf"|{_YEAR}[-./]{_MONTH}"
    r"|\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,2})?"
    r"|[1-9]\d{0,5}\.\d{2}|0?\d\.\d{2}"
    rf"|{_YEAR}"
    r")(?!\.?\d)"
)
_BETWEEN = re.compile(r"[^\w%]{1,5}")
_CURRENCY = r"元|块|圆|円|美元|欧元|人民币|yuan|rmb|cny|usd|eur|gbp|jpy|hkd|dollars?|euros?|pounds?|yen"
_PRICED = re.compile(rf" ?(?:[€£¥$]|{_CURRENCY})", re.IGNORECASE)
_PRICE_FOLLOWS = re.compile(r"(?:[€£¥$]|\b(?:rmb|cny|usd|eur|gbp)) ?$", re.IGNORECASE)
_UNIT = re.compile(
    r" ?(?:%|°|℃|[kmgt]b?\b|m[lmgh]\b|mah|c[mc]\b|k[gm]\b|px|inch|in\b|l\b|h\b|hours?|days?|weeks?|months?|years?"
    rf"|minutes?|people|pieces?|pcs|天|小时|分钟|个?月|年|周|期|寸|码|号|毫米|厘米|米|克|公斤|升|毫升|人|件|个|次|步|{_CURRENCY})",
    re.IGNORECASE,
)
# Numbers of errors, builds and releases.
_VERSION = re.compile(
    r"(?:version|build|firmware|release|windows|ios|android|\bv|版本号?|固件) ?[:.]? ?$", re.IGNORECASE
)


def is_ordinary(shadow: str, start: int, end: int) -> bool:
    """Whether digits that make seven together are read as something else than one number.

    Args:
        shadow: The whole text as `plain` gives it.
        start: Where the digits begin.
        end: Behind the last of them.
    """
    run = shadow[start:end]
    before, after = shadow[max(0, start - 16) : start], shadow[end : end + 8]
    groups = re.findall(r"\d+", run)
    if len(run) > 120 or max(map(len, groups)) > 9:
        return False
    if _is_price(run, groups, bool(_PRICED.match(after) or _PRICE_FOLLOWS.search(before))):
        return True
    if len(groups) == 1:
        return False
    return (
        _is_readable(run)
        or _counts(groups)
        or _are_hours(groups, run)
        or _is_year_of_a_model(groups, run)
        or _is_list(groups, run)
        or _measures(groups, run, has_unit=bool(_UNIT.match(after)))
        or bool(_VERSION.search(before) and re.fullmatch(r"[\d.]+", run))
    )


def _is_price(run: str, groups: list[str], has_currency: bool) -> bool:
    """A whole amount, or one in groups of three."""
    if not has_currency or groups[0].startswith("0"):
        return False
    in_threes = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return len(groups) == 1 or (in_threes and len(set(re.findall(r"\D+", run))) == 1)


def _is_readable(run: str) -> bool:
    """Dates, times, years, and amounts with cents or thousands, one after the other and nothing else."""
    place = 0
    while found := _READABLE.match(run, place):
        place = found.end()
        if place == len(run):
            return True
        gap = _BETWEEN.match(run, place)
        if gap is None:
            return False
        place = gap.end()
    return False


def _counts(groups: list[str]) -> bool:
    """Steps and sizes: 1-2-3, 36 37 38, 100/200/500, 128/256/512."""
    if any(group[0] == "0" for group in groups):
        return False
    numbers = [int(group) for group in groups]
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    if (
        len(groups) > 2
        and max(numbers) < 1000
        and (all(0 < s <= 10 for s in steps) or all(-10 <= s < 0 for s in steps))
    ):
        return True
    if min(steps) <= 0:
        return False
    round_ones = all(number % (10 if number < 1000 else 100) == 0 for number in numbers)
    return round_ones or all(later == 2 * earlier for earlier, later in pairwise(numbers))


def _are_hours(groups: list[str], run: str) -> bool:
    """0900-2130, also twice."""
    if len(groups) not in (2, 4) or any(len(group) != 4 for group in groups) or "-" not in run:
        return False
    hours = all(int(group[:2]) < 25 and int(group[2:]) < 60 and int(group[2:]) % 5 == 0 for group in groups)
    return hours and all(opens < closes for opens, closes in zip(groups[::2], groups[1::2], strict=True))


def _is_year_of_a_model(groups: list[str], run: str) -> bool:
    """9 2021 256: a generation, its year, its size."""
    if re.search(r"[^\d ]", run) or len(groups) > 3:
        return False
    years = [group for group in groups if re.fullmatch(_YEAR, group)]
    others = [group for group in groups if group not in years]
    return bool(years) and all(len(group) <= 3 and group[0] != "0" for group in others) and groups[-1] not in years[-1:]


def _is_list(groups: list[str], run: str) -> bool:
    """42, 38, 40, 36: nobody reads a number of two or three digits each between commas."""
    return all(2 <= len(group) <= 3 and group[0] != "0" for group in groups) and not re.search(r"\d[^\d,;]+\d", run)


def _measures(groups: list[str], run: str, *, has_unit: bool) -> bool:
    """1920*1080, 1200*600*750 mm, 7/15/30/90 days, 1500-2500 people."""
    if any(len(group) > 5 or (group[0] == "0" and len(group) > 1) for group in groups):
        return False
    joined = set(re.sub(r"[\d ]", "", run))
    if joined <= {"*", ":", "."} and joined & {"*", ":"} and len(groups) <= 3:
        return has_unit or len("".join(groups)) <= 9
    rising = all(int(earlier) < int(later) for earlier, later in pairwise(groups))
    return has_unit and rising and (len(groups) == 2 or all(len(group) <= 3 for group in groups))

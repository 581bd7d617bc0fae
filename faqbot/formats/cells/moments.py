"""Dates and times as a spreadsheet shows them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from faqbot.formats.cells.format_code import Section, Token, UnknownFormatError

_START, _START_1904 = datetime.datetime(1899, 12, 30), datetime.datetime(1904, 1, 1)
_LAST_DAY = 2_958_465
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)
# fmt: on
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_CHINESE_DAYS = "一二三四五六日"
# `[$-804]`, `[$-zh-CN]` and their like, and those of the system, whose order of day and month nobody can know.
_CHINESE = ("zh", frozenset({"804", "404", "c04", "1004", "1404"}))
_ENGLISH = ("en", frozenset({"", "409", "809", "c09", "1009", "4009"}))
_SYSTEM_DATE, _SYSTEM_TIME = ("f800", "x-sysdate"), ("f400", "x-systime")


def as_moment(days: float, section: Section, *, since_1904: bool) -> datetime.timedelta:
    """The time since the start of the calendar's zeroth day, 30 December 1899, to the microsecond.

    Raises:
        UnknownFormatError: The number is no date.
    """
    if not 0 <= days <= _LAST_DAY:
        raise UnknownFormatError("no date")
    moment = datetime.timedelta(milliseconds=round(days * 86_400_000))
    if since_1904:
        return moment + (_START_1904 - _START)
    # Excel counts a 29 February 1900 that never was; a time that has passed is no date.
    is_elapsed = any(token.kind == "elapsed" for token in section.tokens)
    return moment + datetime.timedelta(days=1) if 1 <= days < 60 and not is_elapsed else moment


def shown_moment(moment: datetime.timedelta, section: Section) -> str:
    """What a cell shows that holds a date or time.

    Raises:
        UnknownFormatError: The format wants names in a language that is not known here, or an era.
    """
    if section.locale in _SYSTEM_DATE:
        return (_START + moment).strftime("%Y-%m-%d")
    if section.locale in _SYSTEM_TIME:
        return (_START + moment).strftime("%H:%M:%S")
    tokens = section.tokens
    in_halves = any(token.kind == "half" for token in tokens)
    pieces = []
    for place, token in enumerate(tokens):
        if token.kind == "moment":
            pieces.append(_part(_START + moment, tokens, place, section.locale, in_halves=in_halves))
        elif token.kind == "elapsed":
            pieces.append(_elapsed(moment, token.text))
        elif token.kind == "half":
            pieces.append(_half(_START + moment, token.text))
        elif token.kind == "digit":
            pieces.append(_fraction_of_second(moment, tokens, place))
        else:
            pieces.append(token.text)
    return "".join(pieces).strip()


def _part(moment: datetime.datetime, tokens: Sequence[Token], place: int, locale: str, *, in_halves: bool) -> str:
    text = tokens[place].text.lower()
    letter, length = text[0], len(text)
    if letter == "m" and _means_minutes(tokens, place):
        return f"{moment.minute:0{min(length, 2)}d}"
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and length < 3 else f"{moment.year:04d}"
    if letter == "h":
        hour = (moment.hour % 12 or 12) if in_halves else moment.hour
        return f"{hour:0{min(length, 2)}d}"
    if letter == "s":
        return f"{moment.second:0{min(length, 2)}d}"
    if letter in "md" and length < 3:
        return f"{moment.month if letter == 'm' else moment.day:0{length}d}"
    if letter == "a" or (letter in "md" and _is_in(locale, _CHINESE)):
        return _chinese_name(moment, letter, length)
    if letter in "md" and _is_in(locale, _ENGLISH):
        name = _MONTHS[moment.month - 1] if letter == "m" else _DAYS[moment.weekday()]
        return {3: name[:3], 5: name[0]}.get(length, name)
    raise UnknownFormatError(text)


def _is_in(locale: str, language: tuple[str, frozenset[str]]) -> bool:
    """Whether a locale, written as a tag or as Windows' number, which calendars may stand before, is of a language."""
    tag, numbers = language
    return locale.removeprefix("x-").split("-")[0] == tag or locale[-4:].lstrip("0") in numbers


def _chinese_name(moment: datetime.datetime, letter: str, length: int) -> str:
    if letter == "m":
        return f"{moment.month}月"
    day = _CHINESE_DAYS[moment.weekday()]
    if letter == "a":
        return day if length == 3 else f"星期{day}"
    return f"周{day}" if length == 3 else f"星期{day}"


def _means_minutes(tokens: Sequence[Token], place: int) -> bool:
    """`m` is minutes behind hours and before seconds."""

    def neighbour(others: Sequence[Token]) -> str:
        return next((token.text[0].lower() for token in others if token.kind in ("moment", "elapsed")), "")

    return len(tokens[place].text) < 3 and (
        neighbour(tokens[:place][::-1]) == "h" or neighbour(tokens[place + 1 :]) == "s"
    )


def _elapsed(moment: datetime.timedelta, text: str) -> str:
    seconds = int(moment.total_seconds())
    unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
    return f"{seconds // unit:0{len(text)}d}"


def _half(moment: datetime.datetime, text: str) -> str:
    names = text.split("/")
    return names[0] if moment.hour < 12 else names[1]


def _fraction_of_second(moment: datetime.timedelta, tokens: Sequence[Token], place: int) -> str:
    """The digits behind `ss.`, one for each place."""
    first = place
    while first and tokens[first - 1].kind == "digit":
        first -= 1
    return f"{moment.microseconds:06d}"[place - first : place - first + 1]

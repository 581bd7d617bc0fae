"""A number, date or time as a spreadsheet shows it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from faqbot.formats.cells.format_code import Section, Token, UnknownFormatError, sections_of
from faqbot.formats.cells.moments import as_moment, shown_moment

Moment = datetime.datetime | datetime.date | datetime.time | datetime.timedelta


def shown_number(value: float, code: str, *, since_1904: bool = False) -> str:
    """What a cell shows that holds a number.

    Args:
        value: The number; of a date or time, its days since the last day of 1899.
        code: The number format.
        since_1904: Whether days count from the first day of 1904.

    Raises:
        UnknownFormatError: The format says something that is not understood here, or the number is no date.
    """
    section, magnitude, sign = _section(value, sections_of(code))
    if section.is_moment:
        return shown_moment(as_moment(value, since_1904=since_1904, section=section), section)
    if not section.tokens and code.strip():
        # A section that shows nothing hides the value.
        return ""
    shown = _number(magnitude, section)
    # What is rounded to nothing has no sign.
    return (sign + shown if any(digit in shown for digit in "123456789") else shown).strip()


def is_power(shown: str) -> bool:
    """Whether a number is shown as a power of ten, such as `1.23E+11`."""
    return "E+" in shown or "E-" in shown


def general(value: float) -> str:
    """A number without a format: at most eleven characters, then as a power of ten."""
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if -5 < exponent < 11:
        places = max(0, min(9 - exponent, 9 - max(exponent, 0)))
        text = f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, power = f"{value:.5E}".partition("E")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}E{power[0]}{int(power[1:]):02d}"


def _section(value: float, sections: Sequence[Section]) -> tuple[Section, float, str]:
    """The section for a number, the number that it shows, and the sign before it."""
    numbers = [section for section in sections[:3] if not section.shows_text] or [sections[0]]
    if any(section.condition for section in numbers):
        for place, section in enumerate(numbers):
            if section.fits(value):
                return section, abs(value), "-" if value < 0 and (place == 0 or section.condition is None) else ""
        raise UnknownFormatError("no section fits")
    if len(numbers) == 1:
        return numbers[0], abs(value), "-" if value < 0 else ""
    if value < 0:
        return numbers[1], -value, ""
    return (numbers[2] if value == 0 and len(numbers) > 2 else numbers[0]), value, ""


def _number(value: float, section: Section) -> str:
    tokens = section.tokens
    if any(token.kind == "power" for token in tokens):
        return _power(value, tokens)
    if any(token.kind == "general" or token == Token("mark", "@") for token in tokens):
        return "".join(general(value) if token.kind in ("general", "mark") else token.text for token in tokens)
    if Token("mark", "/") in tokens:
        return _fraction(value, tokens)
    return _decimal(value, tokens)


def _decimal(value: float, tokens: Sequence[Token]) -> str:
    """Digits put into their places from the point outwards, with whatever stands between them."""
    tokens, number, places, grouped = _scaled(value, tokens)
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, rest = f"{rounded:f}".partition(".")
    whole = whole.lstrip("0")
    point = _point(tokens)
    before = _whole(whole, tokens[:point], grouped=grouped)
    return before + _rest(rest, tokens[point:])


def _scaled(value: float, tokens: Sequence[Token]) -> tuple[list[Token], Decimal, int, bool]:
    """Tokens without commas, the number as percent or thousands, decimal places, and whether thousands are grouped."""
    digits = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    first, last = (digits[0], digits[-1]) if digits else (0, -1)
    number = Decimal(repr(value)) * 100 ** sum(token == Token("mark", "%") for token in tokens)
    grouped, kept = False, []
    point = next((place for place, token in enumerate(tokens) if token == Token("mark", ".")), len(tokens))
    for place, token in enumerate(tokens):
        if token != Token("mark", ","):
            kept.append(token)
        elif first < place < last:
            grouped = grouped or place < point
        elif place > last >= 0 and all(between == Token("mark", ",") for between in tokens[last + 1 : place]):
            number /= 1000
        else:
            kept.append(Token("literal", ","))
    places = sum(token.kind == "digit" for token in kept[_point(kept) :])
    return kept, number, places, grouped


def _point(tokens: Sequence[Token]) -> int:
    return next((place for place, token in enumerate(tokens) if token == Token("mark", ".")), len(tokens))


def _whole(digits: str, tokens: Sequence[Token], *, grouped: bool) -> str:
    wanted = sum(token.kind == "digit" for token in tokens)
    pieces: list[str] = []
    left, count, met = digits, 0, 0
    for token in reversed(tokens):
        if token.kind != "digit":
            pieces.append(token.text)
            continue
        met += 1
        # The first place takes all digits that are left.
        here = left[::-1] if met == wanted else left[-1:]
        left = "" if met == wanted else left[:-1]
        here = here or {"0": "0", "?": " "}.get(token.text, "")
        for digit in here:
            if grouped and count and count % 3 == 0 and digit.isdigit():
                pieces.append(",")
            pieces.append(digit)
            count += 1
    return "".join(reversed(pieces))


def _rest(digits: str, tokens: Sequence[Token]) -> str:
    places = [token.text for token in tokens if token.kind == "digit"]
    shown = list(digits.ljust(len(places), "0"))
    for place in range(len(places) - 1, -1, -1):
        if places[place] == "0" or shown[place] != "0":
            break
        shown[place] = " " if places[place] == "?" else ""
    result, position = [], 0
    for token in tokens:
        if token.kind == "digit":
            result.append(shown[position])
            position += 1
        else:
            result.append(token.text)
    return "".join(result)


def _power(value: float, tokens: Sequence[Token]) -> str:
    """`0.00E+00`; with more than one digit before the point the power goes in such steps."""
    at = next(place for place, token in enumerate(tokens) if token.kind == "power")
    front, back = list(tokens[:at]), list(tokens[at + 1 :])
    step = max(1, sum(token.kind == "digit" for token in front[: _point(front)]))
    exponent = 0 if value == 0 else math.floor(math.log10(value) / step) * step
    mantissa = _decimal(value / 10.0**exponent, front)
    if mantissa.split(".")[0].strip() == str(10**step):
        exponent += step
        mantissa = _decimal(value / 10.0**exponent, front)
    sign = "-" if exponent < 0 else "+" if "+" in tokens[at].text else ""
    return f"{mantissa}E{sign}{_decimal(abs(exponent), back)}"


def _fraction(value: float, tokens: Sequence[Token]) -> str:
    """`# ?/?`, `# ??/??`, `# ?/8`; literals stand where they stood."""
    at = next(place for place, token in enumerate(tokens) if token == Token("mark", "/"))
    behind = [token for token in tokens[at + 1 :] if token.kind == "digit" or token.text.isdigit()]
    before = [place for place, token in enumerate(tokens[:at]) if token.kind == "digit"]
    if not behind or not before:
        raise UnknownFormatError("fraction")
    numerator_start = at
    while numerator_start and tokens[numerator_start - 1].kind == "digit":
        numerator_start -= 1
    has_whole = before[0] < numerator_start
    exact = Fraction(Decimal(repr(value)))
    whole = int(exact) if has_whole else 0
    part = exact - whole
    written = "".join(token.text for token in behind)
    if written.strip("0#?"):
        divisor = int(written.replace("#", "").replace("?", ""))
        top = round(part * divisor)
    else:
        near = part.limit_denominator(10 ** len(behind) - 1)
        top, divisor = near.numerator, near.denominator
    if has_whole and top == divisor:
        whole, top = whole + 1, 0
    if top == 0 and has_whole:
        return str(whole)
    prefix = f"{whole} " if has_whole and whole else ""
    head = "".join(token.text for token in tokens[: before[0]] if token.kind == "literal")
    return f"{head}{prefix}{top}/{divisor}"

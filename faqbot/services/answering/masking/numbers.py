"""Numbers of seven digits or more, whatever stands between their digits: phones, cards, identity and order numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from faqbot.services.answering.masking.ordinary import is_ordinary
from faqbot.services.answering.masking.plain import is_chinese_numeral, plain

LEAST = 7
"""Prices, sizes, years and numbers of errors are shorter."""

# Of `plain` text. Letters, `%` and signs of currencies end a run; up to five other marks do not.
_RUN = re.compile(r"\d(?:(?:(?![%$°‰€£¥])[\W_]){0,5}\d)*")
_CLAUSE = re.compile(r" ?[,;!?\n] ?|\. ")
_WORDS = "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
_SPELLED = re.compile(rf"(?<![a-z])(?:{_WORDS})(?:[ ,.-]{{1,3}}(?:{_WORDS})){{6,40}}(?![a-z])", re.IGNORECASE)
_COUNTED = ("one", "two", "three")


def long_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers stand, in order."""
    shadow = plain(text)
    for run in _RUN.finditer(shadow):
        start, end = without_words(text, run.start(), run.end())
        if _digits(shadow[start:end]) < LEAST or is_ordinary(shadow, start, end):
            continue
        clauses = list(_clauses(shadow, start, end))
        long = [clause for clause in clauses if _digits(shadow[slice(*clause)]) >= LEAST]
        # Commas and full stops end a number, unless it is cut by them again and again.
        if not long and len(clauses) > 2:
            long = [(start, end)]
        for first, last in long:
            if not is_ordinary(shadow, first, last):
                yield _with_signs(text, shadow, first, last)


def spelled_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where digits are spelled in English words, seven or more of them."""
    for run in _SPELLED.finditer(text):
        words = re.findall(r"[a-z]+", run[0].lower())
        if tuple(words[:3]) != _COUNTED or len(words) > 9:
            yield run.span()


def without_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A number without the numeral that begins a Chinese word after it, or ends one before it: 13812345678一直.

    Args:
        text: As it was written.
        start: Where digits begin; Chinese numerals count.
        end: Behind the last digit.
    """
    chinese = [place for place in range(start, end) if is_chinese_numeral(text[place])]
    if not chinese or len(chinese) == end - start:
        return start, end
    for width in (1, 2):
        tail = end - width
        apart = tail > start and not text[tail - 1].isalnum()
        if chinese == list(range(tail, end)) and _is_letter(text[end : end + 1]) and (width == 1 or apart):
            return start, _last_digit(text, start, tail)
    if chinese == [start] and start and _is_letter(text[start - 1]):
        return next(place for place in range(start + 1, end) if text[place].isdigit()), end
    return start, end


def _clauses(shadow: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for cut in _CLAUSE.finditer(shadow, start, end):
        yield start, cut.start()
        start = cut.end()
    yield start, end


def _with_signs(text: str, shadow: str, start: int, end: int) -> tuple[int, int]:
    for opening, closing in ("()", "[]"):
        if shadow[max(0, start - 1) : start] == opening and closing in shadow[start:end]:
            start -= 1
        if shadow[end : end + 1] == closing and opening in shadow[start:end]:
            end += 1
    # The frame of a keycap.
    while end < len(text) and shadow[end] == "_" != text[end]:
        end += 1
    if start and shadow[start - 1] == "+":
        start -= 1
    # The check letter of a Chinese identity number.
    if _digits(shadow[start:end]) == 17 and (letter := re.match(r"[ .-]?x(?![a-z])", shadow[end : end + 3].lower())):
        end += letter.end()
    return start, end


def _last_digit(text: str, start: int, end: int) -> int:
    while end > start and not text[end - 1].isdigit():
        end -= 1
    return end


def _digits(run: str) -> int:
    return sum(map(str.isdigit, run))


def _is_letter(character: str) -> bool:
    return character.isalpha()

"""A text's digits and separators in one alphabet, place by place, so that rules about numbers are written once."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Numerals as they are read out, which Unicode does not call numeric.
_SPOKEN = {"○": "0", "◯": "0", "幺": "1", "两": "2", "兩": "2"}
_SIGNS = {
    **_SPOKEN,
    **dict.fromkeys("−⁃ー", "-"),
    **dict.fromkeys("×✕✖", "*"),
    **dict.fromkeys("、，", ","),
    **dict.fromkeys("。！？；…", ";"),
}


def plain(text: str) -> str:
    """The text with every digit as one of `0123456789` and what may stand between digits as ASCII; the length stays.

    Digits are those of every script and Chinese numerals up to nine (十 and above say how many, and stay). Dashes
    become `-`, blanks a space, marks that are not seen `_`, other signs `.`, ends of clauses `,` or `;`. Letters,
    `%`, `°` and signs of currencies stay: across them nobody reads one number.
    """
    return text if text.isascii() and "\t" not in text else "".join(map(_plain, text))


def is_chinese_numeral(character: str) -> bool:
    """Whether a digit of `plain` was written as a Chinese character."""
    return character in _SPOKEN or (not character.isdigit() and unicodedata.numeric(character, -1.0) >= 0)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character.isascii():
        return " " if character == "\t" else character
    if sign := _SIGNS.get(character):
        return sign
    value = unicodedata.numeric(character, -1.0)
    if 0 <= value <= 9 and value.is_integer():
        return str(int(value))
    category = unicodedata.category(character)
    # The last: joiners, variation selectors and the frame of a keycap.
    for kinds, sign in ((("Pd",), "-"), (("Zs", "Zl", "Zp"), " "), (("Cf", "Mn", "Me", "Cc"), "_")):
        if category in kinds:
            return sign
    return "." if category[0] in "PS" and category != "Sc" and character not in "°‰" else character

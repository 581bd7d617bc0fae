"""What a heading means, in whatever language and however it is decorated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

import yaml

from faqbot.formats.rows.columns import column_of

NUMBER, REMARK = "number", "remark"
"""Meanings that have no column here: running numbers, and what people note for themselves."""

_FILE = Path(__file__).with_name("headings.yaml")
_SHEET = "sheet"
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>|《[^《》]*》|〔[^〔〕]*〕")
_PARTS = re.compile(r"[/|、:：\n&+·]|\s-\s")
_NUMBER_AT_END = re.compile(r"(?<=\D)[\d一二三四五六七八九十]+$")
# A heading is a few words. What is longer is a sentence, which no list of words can hold.
LONGEST = 60
"""Characters of a heading at most."""


def meaning_of(heading: object) -> str | None:
    """The column that a heading means, or `NUMBER` or `REMARK`; None where nobody knows.

    `问题（必填）`, `*Question:`, `问题 / Question` and `Similar question 2` are understood too.
    """
    if not isinstance(heading, str) or not heading.strip() or len(heading) > LONGEST:
        return None
    return column_of(heading) or _meaning(heading)


def is_heading(text: str) -> bool:
    """Whether a text is a heading and hardly anything else: a word that means one, not a letter or several words."""
    return len(folded(text)) > 1 and (column_of(text) or _by_word().get(folded(text))) is not None


def names_a_column(heading: object) -> bool:
    """Whether a heading is one of our own names, which go before what merely means the same."""
    return isinstance(heading, str) and column_of(heading) is not None


def is_given_by_a_program(sheet: str) -> bool:
    """Whether a sheet's name, such as `Sheet1` or `工作表 2`, was not chosen by a person."""
    return folded(_NUMBER_AT_END.sub("", sheet.strip())) in _words()[_SHEET]


def folded(text: str) -> str:
    """Letters and digits alone, without case, width and accents; `#` and `№` stay, which stand for a word."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in apart if character.isalnum() or character in "#№")


@lru_cache(maxsize=10_000)
def _meaning(heading: str) -> str | None:
    known = _by_word()
    for written in _readings(unicodedata.normalize("NFKC", heading)):
        if found := column_of(written) or known.get(folded(written)):
            return found
    plain = _IN_BRACKETS.sub(" ", heading)
    found_in_parts = {_word(part) for part in (*_PARTS.split(plain), *_scripts(plain)) if folded(part)} - {None}
    return found_in_parts.pop() if len(found_in_parts) == 1 else None


def _word(part: str) -> str | None:
    return column_of(part.strip(" *:：?？._-")) or _by_word().get(folded(part))


def _readings(heading: str) -> Iterator[str]:
    yield heading
    plain = _IN_BRACKETS.sub(" ", heading).strip(" *:?._-—~!")
    yield plain
    yield _NUMBER_AT_END.sub("", plain).strip(" ._-")


def _scripts(heading: str) -> Iterator[str]:
    """The Latin and the other letters of a heading in two languages: `问题 Question`."""
    yield re.sub(r"[^\x00-\u024f]+", " ", heading)
    yield re.sub(r"[\x00-\u024f]+", "", heading)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    # The base loader leaves `no` a word.
    loaded = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only
    return {
        meaning: frozenset(folded(word) for words in languages.values() for word in words)
        for meaning, languages in loaded.items()
    }


@cache
def _by_word() -> Mapping[str, str]:
    return {word: meaning for meaning, words in _words().items() if meaning != _SHEET for word in words}

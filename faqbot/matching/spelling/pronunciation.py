"""How Chinese words are said. Importing this reads pypinyin's tables, which takes a quarter of a second."""

from __future__ import annotations

from itertools import chain, product

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.contrib.mmseg import seg
from pypinyin.phrases_dict import phrases_dict

from faqbot.remembering import remembering, text_bytes

_AMBIGUOUS = 3
_REMEMBERED_BYTES = 8_000_000
# A way to say a character: a short text and its place in a tuple.
_SOUND_BYTES = 64


def is_word(text: str) -> bool:
    """Whether the dictionary has it as a word."""
    return text in phrases_dict


def usual_sounds(text: str) -> tuple[str, ...]:
    """How a text is usually said, by character, without tones."""
    return tuple(lazy_pinyin(text))


def sounds(piece: str) -> list[tuple[str, ...]]:
    """Every way to say a piece, without tones, the usual one first; of long pieces only that one."""
    words = [_word_sounds(word) for word in seg.cut(piece)]
    usual = tuple(chain.from_iterable(said for said, _ in words))
    if len(piece) > _AMBIGUOUS:
        return [usual]
    return [usual, *product(*chain.from_iterable(ways for _, ways in words))]


def _sound_bytes(found: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], word: str) -> int:
    usual, ways = found
    return text_bytes(word) + _SOUND_BYTES * (len(usual) + sum(1 + len(way) for way in ways))


@remembering(_REMEMBERED_BYTES, _sound_bytes)
def _word_sounds(word: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """How a word is usually said, and every way to say each of its characters."""
    ways = pinyin(word, style=Style.NORMAL, heteronym=True)
    return usual_sounds(word), tuple(tuple(way) for way in ways)

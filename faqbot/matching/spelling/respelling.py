"""Questions spelt unlike the knowledge base: pinyin typed for characters, a homophone for the right character, 繁體.

A respelling happens before encoding, because no vector of "tuikuan" lies near one of "退款". It only ever leads to
characters that the knowledge base itself uses, and leaves alone what is a word already.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from opencc import OpenCC

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[A-Za-zü][A-Za-zü' ]*[A-Za-zü]")
_LATIN_WORD = re.compile(r"[a-z]+")
_PARTICLES = "的了吗呢吧啊呀么是在有我你他她它不也都就"
_LONGEST = 6
_SYLLABLE = 6


@dataclass(frozen=True, slots=True)
class Respelling:
    """A question as the knowledge base would spell it.

    Attributes:
        text: To be encoded in place of the question.
        replaced: What was read as what, for people.
    """

    text: str
    replaced: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _BySound:
    """What a knowledge base writes for a sound, the most frequent spelling.

    Attributes:
        pieces: By sound, in one word.
        pairs: Those of two characters, by their two sounds.
    """

    pieces: dict[str, str]
    pairs: dict[tuple[str, ...], str]


class Respeller:
    """Knows the spelling of one knowledge base. Safe to share among threads."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Collect runs of Chinese characters; how they sound is worked out when it is first needed."""
        self._runs = [run for text in texts for run in _HAN.findall(text)]
        self._pairs = {run[i : i + 2] for run in self._runs for i in range(len(run) - 1)}
        self._latin = {word for text in texts for word in _LATIN_WORD.findall(text.casefold())}
        self._simplified = bool(self._runs) and sum(_simplify(run) == run for run in self._runs) > len(self._runs) / 2

    def prepare(self) -> None:
        """Work out how the runs sound, which takes seconds for tens of thousands of wordings."""
        self._by_sound  # noqa: B018  # kept once it is made

    @cached_property
    def _by_sound(self) -> _BySound:
        """Pieces of 1 to 6 characters by their sound."""
        from faqbot.matching.spelling.pronunciation import sounds

        found = _BySound({}, {})
        pieces = Counter(
            run[i : i + n] for run in self._runs for n in range(1, _LONGEST + 1) for i in range(len(run) - n + 1)
        )
        # The most frequent spelling of a sound is the one that is meant.
        for piece, _ in sorted(pieces.items(), key=lambda item: (-item[1], item[0])):
            for sound in sounds(piece):
                found.pieces.setdefault("".join(sound), piece)
                if len(piece) == 2:
                    found.pairs.setdefault(sound, piece)
        return found

    def respell(self, text: str) -> Respelling | None:
        """How the knowledge base would spell a question.

        Args:
            text: Cleaned.

        Returns:
            None where nothing is to be changed.
        """
        if not self._runs:
            return None
        replaced: list[tuple[str, str]] = []
        found = self._to_simplified(text, replaced)
        found = self._from_pinyin(found, replaced)
        found = self._from_homophones(found, replaced)
        return Respelling(found, tuple(replaced)) if found != text else None

    def _to_simplified(self, text: str, replaced: list[tuple[str, str]]) -> str:
        plain = _simplify(text) if self._simplified else text
        if plain != text:
            replaced.append((text, plain))
        return plain

    def _from_pinyin(self, text: str, replaced: list[tuple[str, str]]) -> str:
        changes = []
        for run in _LATIN.findall(_without_tones(text)):
            words = set(_LATIN_WORD.findall(run.casefold()))
            if words <= self._latin:
                continue
            characters = self._spell(re.sub(r"[' ]", "", run.casefold()))
            if characters is None:
                # One run that is no pinyin means that the question is in another language.
                return text
            changes.append((run, characters))
        plain = _without_tones(text) if changes else text
        for run, characters in changes:
            plain = plain.replace(run, characters, 1)
        replaced.extend(changes)
        return plain

    def _spell(self, letters: str) -> str | None:
        """The characters behind a run of letters: the fewest pieces of the knowledge base that cover it whole."""
        best: list[tuple[int, str] | None] = [(0, "")] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - _SYLLABLE * _LONGEST), end):
                piece, before = self._by_sound.pieces.get(letters[start:end]), best[start]
                if piece is None or before is None:
                    continue
                # A single character is a guess, so it costs as much as three words.
                cost = before[0] + (3 if len(piece) == 1 else 1)
                if best[end] is None or cost < best[end][0]:  # type: ignore[index]
                    best[end] = (cost, before[1] + piece)
        found = best[-1]
        # Most of it has to be words of the knowledge base, or any English word could be taken apart.
        return found[1] if found and len(found[1]) >= 2 and found[0] <= len(found[1]) else None

    def _from_homophones(self, text: str, replaced: list[tuple[str, str]]) -> str:
        from faqbot.matching.spelling.pronunciation import is_word, usual_sounds

        characters = list(text)
        for place in range(len(text) - 1):
            pair = "".join(characters[place : place + 2])
            if not _HAN.fullmatch(pair) or self._is_word(pair):
                continue
            meant = self._by_sound.pairs.get(usual_sounds(pair))
            if meant is None or not is_word(meant):
                continue
            wrong = [place + i for i in range(2) if pair[i] != meant[i]]
            if len(wrong) == 1 and not self._belongs(characters, wrong[0]):
                characters[place : place + 2] = meant
                replaced.append((pair, meant))
        return "".join(characters)

    def _is_word(self, pair: str) -> bool:
        from faqbot.matching.spelling.pronunciation import is_word

        return pair in self._pairs or is_word(pair)

    def _belongs(self, characters: list[str], place: int) -> bool:
        """Whether a character is a particle, or forms a word with a neighbour, so that it is no slip."""
        around = "".join(characters[max(0, place - 1) : place + 2])
        pairs = (around[i : i + 2] for i in range(len(around) - 1))
        return characters[place] in _PARTICLES or any(self._is_word(pair) for pair in pairs)


def _without_tones(text: str) -> str:
    """`tuì kuǎn` becomes `tui kuan`; other letters keep their marks' absence or presence as they are."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", re.sub("[\u0300\u0301\u0304\u030c]", "", parts))


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _simplify(text: str) -> str:
    return str(_simplifier().convert(text))

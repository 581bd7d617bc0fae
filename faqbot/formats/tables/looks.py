"""Which columns look like questions and like answers, where no heading says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from faqbot.formats.tables.sheet import Line

_FILE = Path(__file__).with_name("words.yaml")
_LONGEST_QUESTION = 200
_FEWEST = 2
_NUMBER = re.compile(r"[\d\s.,:%/()+-]*")


@dataclass(frozen=True, slots=True)
class Looks:
    """What the columns of some lines look like.

    Attributes:
        question: The place of the column of questions; None where none looks so.
        answer: The place of the column of answers; None where none looks so.
    """

    question: int | None
    answer: int | None


def looks_of(
    lines: Sequence[Line],
    *,
    question: int | None = None,
    answer: int | None = None,
    free: Collection[int] | None = None,
) -> Looks:
    """Judge columns by what stands in them.

    Args:
        lines: The body of a table.
        question: The column of questions, where it is known.
        answer: The column of answers, where it is known.
        free: The places that may be either; unset: all.
    """
    width = max((len(line.cells) for line in lines), default=0)
    places = [place for place in range(width) if free is None or place in free]
    if question is None:
        question = _questions(lines, [place for place in places if place != answer])
    if answer is None and question is not None:
        answer = _answers(lines, question, [place for place in places if place != question])
    return Looks(question, answer)


def is_question(text: str) -> bool:
    """Whether a text looks like a question of a customer."""
    text = text.strip()
    if not text or len(text) > _LONGEST_QUESTION or "\n" in text:
        return False
    return text[-1] in "?？؟" or bool(_first_words().match(text)) or bool(_words_inside().search(text))


def _questions(lines: Sequence[Line], places: Iterable[int]) -> int | None:
    best, most = None, 0.5
    for place in places:
        texts = [text for line in lines if (text := line.text(place))]
        alike = sum(map(is_question, texts))
        # As many as the lines should have; the first of several columns wins.
        share = alike / max(len(texts), len(lines) // 2, 1)
        if alike >= _FEWEST and share > most + 1e-9:
            best, most = place, share
    return best


def _answers(lines: Sequence[Line], question: int, places: Iterable[int]) -> int | None:
    asked = [line for line in lines if line.text(question)]
    best, longest = None, 0.0
    for place in places:
        texts = [text for line in asked if (text := line.text(place))]
        if not texts or len(texts) < 0.6 * len(asked) or all(_NUMBER.fullmatch(text) for text in texts):
            continue
        if len(set(texts)) <= max(1, len(texts) // 4) and len(texts) > 3:
            # The same few words again and again: a category.
            continue
        length = sum(map(len, texts)) / len(texts)
        if length > longest and sum(map(is_question, texts)) < 0.5 * len(texts):
            best, longest = place, length
    return best


@cache
def _lists() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return loaded


@cache
def _first_words() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(_lists()["starts"], key=len, reverse=True))
    return re.compile(rf"[¿¡\"'(]*(?:{words})\b", re.IGNORECASE)


@cache
def _words_inside() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in _lists()["holds"]), re.IGNORECASE)

"""Greetings and thanks: phrases with replies of our own, matched nearly by the letter so that no question is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from faqbot.knowledge import match_key
from faqbot.services.values.messages import MessageLanguage

# Shorter phrases have neighbours that mean something else: `thanks` and `tanks`.
_LONG_ENOUGH_FOR_A_TYPO = 8
# The parser in C takes a millisecond where the one in Python takes a tenth of a second of the start.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REPEATED = re.compile(r"(.)\1+")
_PARTICLES = re.compile(r"(?<=.)[呀啊哦噢喔哈啦呢哟]+$")


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What to reply to a phrase.

    Attributes:
        answer: In our own words.
        language: Of the phrase, and so of the reply.
    """

    answer: str
    language: MessageLanguage


class ChitChat:
    """A pack. Immutable, so threads may share it."""

    def __init__(self, phrases: Mapping[str, SmallTalk]) -> None:
        """Bind what to reply, by phrase."""
        self._replies = {_key(phrase): reply for phrase, reply in phrases.items()}
        self._long = [key for key in self._replies if len(key) >= _LONG_ENOUGH_FOR_A_TYPO]

    def reply_to(self, text: str) -> SmallTalk | None:
        """The reply to a message that is one of the phrases and nothing else.

        Case, punctuation, lengthened letters and modal particles do not count, and a phrase of eight letters or more
        may have one typing error.
        """
        key = _key(text)
        found = self._replies.get(key)
        if found or len(key) < _LONG_ENOUGH_FOR_A_TYPO:
            return found
        near = (one for one in self._long if DamerauLevenshtein.distance(key, one, score_cutoff=1) <= 1)
        return self._replies.get(next(near, ""))


def read_pack(path: Path) -> ChitChat:
    """Read a pack: topics by name, each with `phrases` and a `reply` under `zh` and under `en`."""
    topics: dict[str, dict[MessageLanguage, dict[str, Any]]] = yaml.load(
        path.read_text(encoding="utf-8"),
        Loader=_LOADER,  # noqa: S506 - one of the two safe ones
    )
    return ChitChat(
        {
            phrase: SmallTalk(part["reply"], language)
            for topic in topics.values()
            for language, part in topic.items()
            for phrase in part["phrases"]
        }
    )


def _key(text: str) -> str:
    return _REPEATED.sub(r"\1", _PARTICLES.sub("", match_key(text)))

"""What every service desk hears, with replies of our own: greetings, complaints, wishes for a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from faqbot.errors import SettingsError
from faqbot.knowledge import match_key
from faqbot.language import _
from faqbot.services.values.messages import MessageLanguage

# The one in C, where it was built, takes a tenth of the time.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Shorter wordings have neighbours that mean something else: `thanks` and `tanks`.
_LONG_ENOUGH_FOR_A_TYPO = 8
_REPEATED = re.compile(r"(.)\1+")
_PARTICLES = re.compile(r"(?<=.)[呀啊哦噢喔哈啦呢哟]+$")


@dataclass(frozen=True, slots=True)
class DeskTopic:
    """One thing that every service desk hears.

    Attributes:
        name: Stable, for programs.
        wordings: By language tag.
        reply: In our own words, per language of ours.
        by_meaning: Whether other words for the same are recognised too.
        hands_off: Whether how to reach a person follows.
    """

    name: str
    wordings: Mapping[str, Sequence[str]]
    reply: Mapping[MessageLanguage, str]
    by_meaning: bool = False
    hands_off: bool = False


class ServiceDesk:
    """The topics, recognised nearly by the letter so that no question is lost. Immutable, so threads may share it."""

    def __init__(self, topics: Sequence[DeskTopic]) -> None:
        """Bind the topics."""
        self.topics = {topic.name: topic for topic in topics}
        self._named = {
            _key(wording): (topic, language)
            for topic in topics
            for language, wordings in topic.wordings.items()
            for wording in wordings
        }
        # By length: one slip makes a text at most one letter longer or shorter.
        self._long: dict[int, list[str]] = {}
        for key in self._named:
            if len(key) >= _LONG_ENOUGH_FOR_A_TYPO:
                self._long.setdefault(len(key), []).append(key)

    def find(self, text: str) -> tuple[DeskTopic, str] | None:
        """The topic of a message that is one of the wordings and nothing else, and the wording's language tag.

        Case, punctuation, lengthened letters and modal particles do not count, and a wording of eight letters or more
        may have one typing error.
        """
        key = _key(text)
        found = self._named.get(key)
        if found or len(key) < _LONG_ENOUGH_FOR_A_TYPO:
            return found
        alike = [one for length in range(len(key) - 1, len(key) + 2) for one in self._long.get(length, ())]
        near = process.extractOne(key, alike, scorer=OSA.distance, score_cutoff=1)
        return self._named[near[0]] if near else None

    @property
    def meant(self) -> list[tuple[str, str]]:
        """Topic and wording of every topic that is recognised by meaning too."""
        return [
            (topic.name, wording)
            for topic in self.topics.values()
            if topic.by_meaning
            for wordings in topic.wordings.values()
            for wording in wordings
        ]


def read_service_desk(path: Path) -> ServiceDesk:
    """Read topics by name, each with `wordings` by language, a `reply` under `zh` and `en`, and what else they have.

    Raises:
        SettingsError: The topic `person` is missing, or a topic has not both replies.
    """
    topics: dict[str, dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506
    if "person" not in topics or any(not {"zh", "en"} <= topic["reply"].keys() for topic in topics.values()):
        raise SettingsError(
            _("{name}: it needs a topic 'person', and each topic a reply under 'zh' and 'en'.", name=path.name)
        )
    return ServiceDesk([DeskTopic(name, **parts) for name, parts in topics.items()])


def read_everyday(path: Path) -> list[str]:
    """Questions that are about none of the topics, one a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def checksum_of_desk(desk: ServiceDesk, everyday: Sequence[str]) -> str:
    """Of every text that the topics are learned from."""
    texts = "\n".join([*(f"{name}\t{wording}" for name, wording in desk.meant), *everyday])
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def _key(text: str) -> str:
    return _REPEATED.sub(r"\1", _PARTICLES.sub("", match_key(text)))

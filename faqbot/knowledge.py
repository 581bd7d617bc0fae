"""What a knowledge base is made of: plain values, and the text rules that every room shares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Zero-width characters, bidirectional marks and the byte-order mark: NFKC keeps them, nobody sees them. Halves of
# surrogate pairs, which a shell may hand over, are no characters and cannot be stored.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ud800-\udfff\ufeff]")
_SPACES = re.compile(r"\s+")
_LANGUAGE_SUFFIX = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer and all the questions that lead to it.

    Attributes:
        entry_id: Unique and stable. A translation of entry `refund` has the id `refund.en`: the
            two share a topic, so their wordings strengthen each other and never compete.
        standard_question: The wording shown to people (标准问).
        similar_questions: Further wordings that ask the same (相似问).
        answer: What the customer reads; Markdown. Empty in a draft that is not finished.
        language: BCP 47 tag such as `zh` or `en`; empty when not stated.
        category: Free text; empty when not stated.
        tags: Free labels for filters.
        enabled: Disabled entries stay in the draft and are left out when publishing.
    """

    entry_id: str
    standard_question: str
    similar_questions: tuple[str, ...] = ()
    answer: str = ""
    language: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    enabled: bool = True

    @property
    def wordings(self) -> tuple[str, ...]:
        """The standard question, then the similar ones, repeats (after `match_key`) left out."""
        kept: dict[str, str] = {}
        for text in (self.standard_question, *self.similar_questions):
            kept.setdefault(match_key(text), text)
        return tuple(kept.values())

    @property
    def topic(self) -> str:
        """The id without its language suffix: what translations of one entry have in common."""
        return topic_of(self.entry_id, self.language)


@dataclass(frozen=True, slots=True)
class Wording:
    """One standard or similar question as it is indexed."""

    entry_id: str
    topic: str
    text: str


def wordings_of(entries: Iterable[Entry]) -> list[Wording]:
    """Every wording of every entry, in the order of the entries."""
    return [Wording(e.entry_id, e.topic, text) for e in entries for text in e.wordings]


def topic_of(entry_id: str, language: str) -> str:
    """Strip the `.language` suffix from an id where it agrees with the entry's own language."""
    suffix = _LANGUAGE_SUFFIX.search(entry_id)
    if suffix and language and suffix.group(1).lower() == language.lower():
        return entry_id[: suffix.start()]
    return entry_id


def clean(text: str) -> str:
    """NFKC, invisible characters out, runs of white space to one space, trimmed.

    Nothing that changes the meaning: case and punctuation stay.
    """
    text = unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", text)
    return _SPACES.sub(" ", text).strip()


def match_key(text: str) -> str:
    """What two texts share when they are the same wording: `clean`, lower case, letters and digits only.

    Texts without a letter or digit (`???`) keep their cleaned form, so that they do not all look alike.
    """
    cleaned = clean(text).casefold()
    kept = "".join(c for c in cleaned if unicodedata.category(c)[0] in "LNM")
    return kept or cleaned


def has_content(text: str) -> bool:
    """Whether the text holds at least one letter, digit or symbol that a model could read."""
    return any(unicodedata.category(c)[0] in "LNS" for c in clean(text))

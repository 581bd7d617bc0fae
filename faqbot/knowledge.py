"""What a knowledge base is made of: plain values, and the text rules that every room shares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

# Zero-width characters, bidirectional marks and the byte-order mark: NFKC keeps them, nobody sees them. Halves of
# surrogate pairs, which a shell may hand over, are no characters and cannot be stored.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ud800-\udfff\ufeff]")
_SPACES = re.compile(r"\s+")
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
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
        valid_from: ISO 8601 date or date-time from which the entry answers; empty: from the first day.
        valid_until: The same for its end; a date counts to its midnight. Empty: for good.
        segments: It answers only questions that are asked with one of these segments; none: everybody.
        prompts: Ids of the entries that are offered as follow-ups after the answer.
        attachments: http(s) links that go with the answer.
        answer_threshold: Confidence, 0..1, from which this entry is answered with directly; None: the version's own.
    """

    entry_id: str
    standard_question: str
    similar_questions: tuple[str, ...] = ()
    answer: str = ""
    language: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    enabled: bool = True
    valid_from: str = ""
    valid_until: str = ""
    segments: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    answer_threshold: float | None = None

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

    @property
    def starts(self) -> datetime:
        """The first moment at which the entry answers."""
        return moment_of(self.valid_from) if self.valid_from else _FIRST

    @property
    def ends(self) -> datetime:
        """The first moment at which the entry does not answer any more."""
        return moment_of(self.valid_until, after=True) if self.valid_until else _LAST


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


def moment_of(text: str, *, after: bool = False) -> datetime:
    """The moment that an ISO 8601 date or date-time names; without an offset it is in this machine's time zone.

    Args:
        text: Such as `2026-05-01` or `2026-05-01T09:00+08:00`.
        after: Whether a date stands for the midnight after it instead of the one before it.

    Raises:
        ValueError: It is no date and no date-time.
    """
    try:
        try:
            moment = datetime.combine(date.fromisoformat(text) + timedelta(days=after), time())
        except ValueError:
            moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.astimezone()
    except OverflowError:
        # 9999-12-31 is how many programs write "for good".
        return _LAST


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

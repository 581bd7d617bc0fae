"""What QnA Maker and its successor have in common: a question, conditions on entries, ranked answers by number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from typing_extensions import TypedDict

from faqbot.channels.question_answering.qna_numbers import number_entries
from faqbot.errors import InvalidRequest
from faqbot.formats import safe_answer
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.services.values.replies import Reply

NO_MATCH = -1
"""The id of the one answer that says that there is none."""
MOST_ANSWERS = 50
DEFAULT_THRESHOLD = 0.5
"""Least confidence where a request states none. Azure's own default is 0, which shows any entry as the answer to any
question; from here on an answer is more likely right than wrong, and Azure too recommends to begin with it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """An entry's `name` has to have this `value`; both are compared without regard to case."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Query:
    """A request in either protocol.

    Attributes:
        question: Empty where a number is asked for.
        number: The entry asked for; None where a question is.
        top: Answers at most, 1..50.
        threshold: Least confidence of an answer, 0..1.
        conditions: On the entries; none for all entries.
        any_condition: Whether one condition is enough; otherwise all have to hold.
        session_id: The user as the client names it; may be empty.
    """

    question: str
    number: int | None
    top: int
    threshold: float
    conditions: tuple[Condition, ...]
    any_condition: bool
    session_id: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer of ours as those protocols see it.

    Attributes:
        number: What the clients know the entry by.
        questions: The standard question first.
        answer: Markdown; sanitised.
        confidence: 0..1.
        metadata: (name, value) pairs; a name may come twice.
        prompts: What to offer after a direct answer, in this order: (number, standard question) of each entry.
    """

    number: int
    questions: tuple[str, ...]
    answer: str
    confidence: float
    metadata: tuple[tuple[str, str], ...]
    prompts: tuple[tuple[int, str], ...]


class Prompt(TypedDict):
    """A follow-up question, as both protocols write it."""

    displayOrder: int
    qnaId: int
    displayText: str


class Context(TypedDict):
    """What may follow an answer, as both protocols write it."""

    isContextOnly: bool
    prompts: list[Prompt]


@dataclass(frozen=True, slots=True)
class Asking:
    """How `ask` has to be called for a query.

    Attributes:
        question: In the customer's words, or the standard question of the entry asked for.
        entry_ids: The only entries that may answer; None for all.
        language: Of the entry asked for; None otherwise.
    """

    question: str
    entry_ids: list[str] | None = None
    language: str | None = None


def asking(query: Query, entries: Mapping[str, Entry]) -> Asking | None:
    """What to ask; None where the query names an entry that is not published.

    Raises:
        InvalidRequest: There is neither a question nor a number.
    """
    if query.number is not None:
        numbers = number_entries(tuple(entries))
        named = next((one for one in entries.values() if numbers[one.entry_id] == query.number), None)
        if named is None:
            return None
        return Asking(named.standard_question, [named.entry_id], named.language or None)
    if not query.question.strip():
        raise InvalidRequest(_("`question` is missing; send the customer's words."), ["question"])
    if not query.conditions:
        return Asking(query.question)
    return Asking(query.question, [one.entry_id for one in entries.values() if _fits(one, query)])


def pairs_of(reply: Reply, entries: Mapping[str, Entry], query: Query) -> list[Pair]:
    """The ranked answers of a reply that reach the query's threshold; none for a fallback."""
    if reply.verdict == "fallback":
        return []
    ranked = {reply.entry_id: reply.confidence} if reply.entry_id else {}
    for suggestion in reply.suggestions:
        ranked.setdefault(suggestion.entry_id, suggestion.confidence)
    numbers = number_entries(tuple(entries))
    prompts = tuple((numbers[one.entry_id], one.question) for one in reply.prompts if one.entry_id in entries)
    found = [
        _pair(entries[entry_id], numbers[entry_id], confidence, prompts if entry_id == reply.entry_id else ())
        for entry_id, confidence in ranked.items()
        # A version that was published meanwhile may have dropped an entry.
        if confidence >= query.threshold and entry_id in entries
    ]
    return found[: query.top]


def _pair(entry: Entry, number: int, confidence: float, prompts: tuple[tuple[int, str], ...]) -> Pair:
    return Pair(
        number=number,
        questions=entry.wordings,
        answer=safe_answer(entry.answer),
        confidence=confidence,
        metadata=tuple(_metadata(entry)),
        prompts=prompts,
    )


def _fits(entry: Entry, query: Query) -> bool:
    has = {(name.casefold(), value.casefold()) for name, value in _metadata(entry)}
    held = [(one.name.casefold(), one.value.casefold()) in has for one in query.conditions]
    return any(held) if query.any_condition else all(held)


def _metadata(entry: Entry) -> Iterable[tuple[str, str]]:
    """A tag `product:phone` is the pair that such a tag was imported from; any other is a `tag`."""
    stated = (("category", entry.category), ("language", entry.language))
    yield from ((name, value) for name, value in stated if value)
    for tag in entry.tags:
        name, colon, value = tag.partition(":")
        yield (name, value) if colon and name and value else ("tag", tag)


def context_json(pair: Pair | None) -> Context:
    """Follow-up prompts, which both protocols write alike."""
    prompts: list[Prompt] = [
        {"displayOrder": order, "qnaId": number, "displayText": text}
        for order, (number, text) in enumerate(pair.prompts if pair else ())
    ]
    return {"isContextOnly": False, "prompts": prompts}


def joined(metadata: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Metadata as an object, the values of a name that comes twice joined by commas."""
    values: dict[str, str] = {}
    for name, value in metadata:
        values[name] = f"{values[name]},{value}" if name in values else value
    return values

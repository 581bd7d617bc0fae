"""What can be wrong with a knowledge base's texts, found without a model."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from faqbot.formats.text.sanitising import safe_answer
from faqbot.knowledge import Entry, has_content, match_key
from faqbot.services.checks.audiences import audiences_overlap
from faqbot.services.checks.findings import Finding

ANSWER_CHARACTERS = 4000
"""Messengers cut longer messages off."""

# A language that fewer of the topics speak is a beginning, not a promise.
_SPOKEN = 0.5
_TO_DO = "待补充|待定|待完善|待确认|此处填写|在此填写|insert here|placeholder|fill in"
_PLACEHOLDERS = re.compile(
    r"\{\{[^{}]{0,80}\}\}|\$\{[^{}]{0,80}\}|<%.{0,80}?%>|%\([A-Za-z_]+\)s"
    r"|\b(?:TODO|TBD|FIXME|XXX+|lorem ipsum)\b"
    rf"|[【\[(（][^】\])）\n]{{0,20}}(?:{_TO_DO})[^】\])）\n]{{0,20}}[】\])）]"
    r"|待补充|待完善"
)
_PLAIN_LINK = re.compile(r"http://[^\s<>()\"'\]]{1,200}", re.IGNORECASE)
# A machine's own address and private networks are for trying things out, encrypted or not.
_LOCAL = re.compile(r"http://(?:localhost|127\.|10\.|192\.168\.)", re.IGNORECASE)


def check_texts(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Every problem of the texts of enabled entries."""
    for entry in entries:
        yield from _check_wordings(entry)
        yield from _check_answer(entry)
    yield from _unknown_prompts(entries)
    yield from _duplicate_wordings(entries)
    yield from _missing_languages(entries)


def _check_wordings(entry: Entry) -> Iterator[Finding]:
    for text in (entry.standard_question, *entry.similar_questions):
        if not has_content(text):
            yield Finding("empty_wording", (entry.entry_id,), (text,))


def _check_answer(entry: Entry) -> Iterator[Finding]:
    ids, answer = (entry.entry_id,), entry.answer
    if not answer.strip():
        yield Finding("no_answer", ids)
    for found in dict.fromkeys(_PLACEHOLDERS.findall(answer)):
        yield Finding("placeholder", ids, (found,))
    if len(answer) > ANSWER_CHARACTERS:
        yield Finding("long_answer", ids, (str(len(answer)), str(ANSWER_CHARACTERS)))
    if answer.strip() and safe_answer(answer) != answer:
        yield Finding("unsafe_content", ids, (_first_difference(answer, safe_answer(answer)),))
    for link in entry.attachments:
        if not re.match(r"https?://", link, re.IGNORECASE):
            yield Finding("unsafe_content", ids, (link,))
    for link in dict.fromkeys(_PLAIN_LINK.findall("\n".join((answer, *entry.attachments)))):
        if not _LOCAL.match(link):
            yield Finding("insecure_link", ids, (link,))


def _first_difference(text: str, safe: str) -> str:
    start = next((place for place, (a, b) in enumerate(zip(text, safe, strict=False)) if a != b), len(safe))
    return text[max(0, start - 10) : start + 40]


def _unknown_prompts(entries: Sequence[Entry]) -> Iterator[Finding]:
    known = {entry.entry_id for entry in entries}
    for entry in entries:
        for prompt in entry.prompts:
            if prompt not in known:
                yield Finding("unknown_prompt", (entry.entry_id,), (prompt,))


def _duplicate_wordings(entries: Sequence[Entry]) -> Iterator[Finding]:
    """The same wording in several topics that may answer the same customer."""
    holders: defaultdict[str, list[tuple[Entry, str]]] = defaultdict(list)
    for entry in entries:
        for text in entry.wordings:
            if has_content(text):
                holders[match_key(text)].append((entry, text))
    for found in holders.values():
        rivals = [
            one
            for one, _ in found
            if any(one.topic != other.topic and audiences_overlap(one, other) for other, _ in found)
        ]
        if rivals:
            yield Finding("duplicate_wording", tuple(entry.entry_id for entry in rivals), (found[0][1],))


def _missing_languages(entries: Sequence[Entry]) -> Iterator[Finding]:
    spoken: defaultdict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    for entry in entries:
        first.setdefault(entry.topic, entry.entry_id)
        if entry.language:
            spoken[entry.language.lower()].add(entry.topic)
    stated = {topic for topics in spoken.values() for topic in topics}
    for language, topics in sorted(spoken.items()):
        missing = sorted(stated - topics)
        if missing and len(topics) >= _SPOKEN * len(stated):
            yield Finding("missing_language", tuple(first[topic] for topic in missing), (language, str(len(missing))))

"""Long answers in passages: where they are split, and how a passage knows its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Annotated

from faqbot.contract import INTERNAL
from faqbot.knowledge import Entry, Wording, has_content

LONGEST = 720
"""Bytes of a passage in UTF-8 at most: 720 Latin letters or 240 Chinese characters, which are about 180 tokens each."""

_HEADING = re.compile(r"(#{1,6})[ \t](.*)")
_FENCES = ("```", "~~~")
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE_END = re.compile(r"(?<=[。！？；…])[”’」』）]*\s*|(?<=[.!?;])[\"')\]]*\s+|\n\s*")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an entry's answer that is searched by itself.

    Attributes:
        entry_id: The entry.
        topic: As in `Entry.topic`.
        text: What it says, as it stands in the answer: `answer[start:end]`.
        start: Its first character's place in the answer, from 0.
        end: The place behind its last one.
        number: Which passage of the answer it is, from 1.
        of: How many the answer has.
        heading: The headings it stands under, outermost first, joined by ` > `; empty where there is none.
    """

    entry_id: Annotated[str, INTERNAL]
    topic: Annotated[str, INTERNAL]
    text: str
    start: int
    end: int
    number: int
    of: int
    heading: str

    @property
    def wording(self) -> Wording:
        """What is encoded and searched: the text below its headings."""
        text = f"{self.heading}\n{self.text}" if self.heading else self.text
        return Wording(self.entry_id, self.topic, text)


def passages_of(entries: Iterable[Entry]) -> list[Passage]:
    """Every passage of every answer that is longer than one passage, in the order of the entries."""
    return [passage for entry in entries for passage in _split_answer(entry)]


def split(text: str) -> list[tuple[Span, str]]:
    """Split a text of any length at headings, else between paragraphs, else between sentences, else anywhere.

    Args:
        text: Markdown or plain; a text that fits into one passage stays whole.

    Returns:
        Per passage, in their order, its place in the text and the headings it stands under. Headings themselves, and
        what has no letter or digit, are in none. No passage is longer than `LONGEST`.
    """
    reached = [0, *accumulate(_bytes(character) for character in text)]

    def fits(start: int, end: int) -> bool:
        return reached[end] - reached[start] <= LONGEST

    found = []
    for section, heading in _sections(text):
        pieces: list[Span] = []
        for paragraph in _between(text, section, _BLANK):
            if fits(*paragraph):
                pieces.append(paragraph)
                continue
            for sentence in _between(text, paragraph, _SENTENCE_END):
                pieces += [sentence] if fits(*sentence) else _cut(text, sentence, reached)
        joined: list[Span] = []
        for start, end in pieces:
            if joined and fits(joined[-1][0], end):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        found += [(span, heading) for span in joined if has_content(text[slice(*span)])]
    return found


def _split_answer(entry: Entry) -> Iterator[Passage]:
    answer = entry.answer
    # Nearly every answer is short: this is all that is done for it.
    if _bytes(answer) <= LONGEST:
        return
    parts = split(answer)
    for number, ((start, end), heading) in enumerate(parts, start=1):
        yield Passage(entry.entry_id, entry.topic, answer[start:end], start, end, number, len(parts), heading)


def _bytes(text: str) -> int:
    # A text that is looked up may hold half a character, which counts like a whole one.
    return len(text.encode("utf-8", "surrogatepass"))


def _sections(text: str) -> Iterator[tuple[Span, str]]:
    """The text between headings with the headings above it; a heading in a code block is none."""
    above: list[tuple[int, str]] = []
    start = end = 0
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = line.lstrip()[:3]
        if mark in _FENCES and fence in ("", mark):
            fence = "" if fence else mark
        heading = None if fence else _HEADING.match(line.rstrip("\r\n"))
        if heading:
            yield (start, end), " > ".join(words for _, words in above)
            level = len(heading[1])
            above = [(other, words) for other, words in above if other < level] + [(level, _unclosed(heading[2]))]
            start = end + len(line)
        end += len(line)
    yield (start, end), " > ".join(words for _, words in above)


def _unclosed(words: str) -> str:
    """A heading's words without the row of `#` that may close it."""
    words = words.strip()
    bare = words.rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) or not bare else words


def _between(text: str, span: Span, separator: re.Pattern[str]) -> Iterator[Span]:
    """The parts of a span between separators, without white space at their ends; empty ones are left out."""
    start, last = span
    for found in separator.finditer(text, *span):
        # What closes a quotation belongs to the sentence before it.
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, last)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _cut(text: str, span: Span, reached: list[int]) -> Iterator[Span]:
    """A sentence that is too long, cut at white space where there is some in the second half, else anywhere."""
    start, last = span
    while start < last:
        end = start + 1
        while end < last and reached[end + 1] - reached[start] <= LONGEST:
            end += 1
        if end < last:
            space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
            end = space + 1 if space > (start + end) // 2 else end
        yield from _trimmed(text, start, end)
        start = end

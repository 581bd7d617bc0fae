"""The columns of a knowledge-base file: their names, and how a value becomes what an `Entry` holds.

A reader of values gets what a cell or a JSON value holds and returns what the entry stores; it raises
`BadValueError` with one sentence, which starts after the column's name.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from faqbot.formats.text.characters import printable
from faqbot.knowledge import FIELDS, clean, has_content
from faqbot.language import Text, _

COLUMNS = tuple(field.column.name for field in FIELDS)
"""In the order of export."""

MAX_ID, MAX_QUESTION, MAX_ANSWER, MAX_SIMILAR = 100, 1000, 100_000, 500
"""Characters of an id, of a question, of an answer; similar questions of an entry."""

_COLUMN_OF = {heading: field.column.name for field in FIELDS for heading in (field.column.name, *field.column.headings)}

_TRUE = frozenset(("true", "1", "yes", "y", "on", "是", "启用", ""))
_FALSE = frozenset(("false", "0", "no", "n", "off", "否", "停用"))
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_LANGUAGE_NAMES = {"中文": "zh", "汉语": "zh", "英文": "en", "英语": "en", "chinese": "zh", "english": "en"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_ID_REFUSED = frozenset('<>"\\`')
SIMILAR_SEPARATOR = re.compile(r"##|\n")
TAG_SEPARATOR = re.compile(r"[,;、，；\n]")


class BadValueError(ValueError):
    """A value cannot be used; the message says why and what to write instead."""


@dataclass(frozen=True, slots=True)
class UnreadableCell:
    """A cell whose text is not what its author meant; `why` starts after the column's name."""

    why: Text


@dataclass(frozen=True, slots=True)
class RichText:
    """A cell whose text has more to it than its letters.

    Attributes:
        plain: The letters.
        markdown: The same with bold, links and their like, for answers.
        links: The addresses in it.
    """

    plain: str
    markdown: str
    links: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The letters."""
        return self.plain


def column_of(header: object) -> str | None:
    """The column that a header or key names, in English or Chinese and any case; None when it is none of ours."""
    return _COLUMN_OF.get(clean(header).casefold().replace(" ", "_")) if isinstance(header, str) else None


def text(value: object) -> str:
    """Any single value as text: `1.0` becomes `1`, a date `2026-01-31`, nothing the empty text.

    Every kind of line end becomes a line feed, control characters are left out, both ends are trimmed.
    """
    if isinstance(value, bool):
        raise BadValueError(
            _("holds true or false where text belongs; put it in quotes (in a spreadsheet: format it as text)")
        )
    if value is None:
        return ""
    if isinstance(value, UnreadableCell):
        raise BadValueError(value.why)
    if isinstance(value, RichText):
        value = value.plain
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        value = str(value)
    if not isinstance(value, str | int | float):
        raise BadValueError(_("holds {kind} where text belongs", kind=_kind(value)))
    result = printable(str(value))
    if _SURROGATE.search(result):
        raise BadValueError(_("holds half a character (a lone surrogate); the file was damaged when it was written"))
    return result


def line(value: object) -> str:
    """Text on one line: every run of white space becomes one space."""
    return " ".join(text(value).split())


def identifier(value: object) -> str:
    """An entry's id; empty when there is none."""
    result = line(value)
    if len(result) > MAX_ID:
        raise BadValueError(_("is {count} characters long; at most {most} are allowed", count=len(result), most=MAX_ID))
    for character in result:
        if character in _ID_REFUSED or unicodedata.category(character)[0] == "C":
            raise BadValueError(
                _(
                    "holds the character {character!a}; use letters, digits, spaces and punctuation other than "
                    "{refused}",
                    character=character,
                    refused=" ".join(sorted(_ID_REFUSED)),
                )
            )
    return result


def question(value: object) -> str:
    """A question that can be matched."""
    result = line(value)
    if not result:
        raise BadValueError(_("is empty; every entry needs a question"))
    if len(result) > MAX_QUESTION:
        raise BadValueError(
            _("is {count} characters long; at most {most} are allowed", count=len(result), most=MAX_QUESTION)
        )
    if not has_content(result):
        raise BadValueError(_("has no letter or digit, so nothing can match it"))
    return result


def similar(value: object) -> tuple[str, ...]:
    """Similar questions from a list, or from a cell: one per line, separated by `##`, or a JSON list."""
    values = [item for item in items(value, SIMILAR_SEPARATOR) if line(item)]
    if len(values) > MAX_SIMILAR:
        raise BadValueError(
            _("holds {count} questions; at most {most} are allowed", count=len(values), most=MAX_SIMILAR)
        )
    result = []
    for number, item in enumerate(values, 1):
        try:
            result.append(question(item))
        except BadValueError as error:
            raise BadValueError(
                _("has a question, number {number}, that {error}", number=number, error=error.args[0])
            ) from None
    return tuple(result)


def answer(value: object) -> str:
    """An answer; may be empty and may have many lines."""
    result = text(value.markdown if isinstance(value, RichText) else value)
    if len(result) > MAX_ANSWER:
        raise BadValueError(
            _("is {count} characters long; at most {most} are allowed", count=len(result), most=MAX_ANSWER)
        )
    return result


def language(value: object) -> str:
    """A BCP 47 tag in lower case; empty when not stated. A few plain names are understood."""
    name = line(value).lower().replace("_", "-")
    result = _LANGUAGE_NAMES.get(name, name)
    if result and not _LANGUAGE.fullmatch(result):
        raise BadValueError(_("is {value}; write a language tag such as zh, en or zh-tw", value=shown(result)))
    return result


def tags(value: object) -> tuple[str, ...]:
    """Tags from a list, or from a cell: separated by comma, semicolon, `、` or line, or a JSON list. No repeats."""
    return tuple(dict.fromkeys(tag for item in items(value, TAG_SEPARATOR) if (tag := line(item))))


def enabled(value: object) -> bool:
    """True or false, in the usual spellings; true when not stated."""
    if isinstance(value, bool):
        return value
    word = line(value).casefold()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise BadValueError(_("is {value}; write true or false (also 1 or 0, yes or no, 是 or 否)", value=shown(word)))


def cell_of(values: Sequence[str], joint: str, separator: re.Pattern[str]) -> str:
    """Values as one cell that `items` takes apart again."""
    cell = joint.join(values)
    if [line(item) for item in items(cell, separator) if line(item)] == list(values):
        return cell
    # A value holds a separator itself.
    return json.dumps(list(values), ensure_ascii=False)


def items(value: object, separator: re.Pattern[str]) -> Iterable[object]:
    """The values of a list, or of a cell: a JSON list, or separated."""
    if isinstance(value, list | tuple):
        return value
    cell = text(value)
    if cell.startswith('["') and cell.endswith('"]'):
        try:
            return list(json.loads(cell))
        except ValueError:
            pass
    return separator.split(cell)


def shown(value: str) -> str:
    """A value in quotes for a message, cut short."""
    return f"'{value}'" if len(value) <= 40 else f"'{value[:40]}…'"


def _kind(value: object) -> Text:
    if isinstance(value, list | tuple):
        return _("a list")
    return _("names and values") if isinstance(value, dict) else _("something else")

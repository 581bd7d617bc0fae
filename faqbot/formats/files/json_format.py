"""json: a list of entries, an object that holds one under `entries`, or another program's export."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from faqbot.formats.files.decoding import decode
from faqbot.formats.rows.source import RawFile, RepeatedNames, Source, raw_file
from faqbot.formats.vendors import JSON_DIALECTS
from faqbot.formats.vendors.foreign import foreign_file, is_written_by
from faqbot.knowledge import Entry, to_record
from faqbot.language import _


# `NaN` and `Infinity`, which some programs write, are no JSON; they stand for "nothing" there.
def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = RepeatedNames(found)
    repeated.names = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    return repeated


DECODER = json.JSONDecoder(parse_constant=lambda _: None, object_pairs_hook=_object)
MISTAKES = _("a comma, quote or bracket that is missing or one too many")
_SPACE = " \t\r\n"


def read(source: Source) -> RawFile:
    """Read a json file.

    Raises:
        UnreadableFile: It is no text, no JSON, or holds no list of entries.
        MissingColumn: No entry has a question.
        FileTooLarge: It has too many entries.
    """
    text, encoding = decode(source)
    try:
        value = DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise source.unreadable(
            _(
                "it is not valid JSON at line {line}, column {column}; look there for {mistakes}",
                line=error.lineno,
                column=error.colno,
                mistakes=MISTAKES,
            )
        ) from None
    except (ValueError, RecursionError):
        raise source.unreadable(_("it is not valid JSON: something in it is too long or nested too deeply")) from None
    for dialect in JSON_DIALECTS:
        if is_written_by(dialect, _at(value, dialect.path)):
            return foreign_file(source, dialect, list(_with_lines(text, dialect.path)), value, encoding)
    path = () if isinstance(value, list) else ("entries",)
    if not isinstance(_at(value, path), list):
        raise source.unreadable(_('it must be a list of entries, or {"entries": [...]}'))
    return raw_file(source, _with_lines(text, path), encoding)


def write(entries: Sequence[Entry]) -> bytes:
    """Write a json file: a list, indented, UTF-8."""
    return (json.dumps([to_record(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _at(value: object, path: Sequence[str]) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _with_lines(text: str, path: Sequence[str]) -> Iterator[tuple[int, object]]:
    """Every record of a list inside a text that is known to be right, with the line where it starts."""
    start = _skip(text, 0)
    for name in path:
        start = _member(text, start, name)
    position = _skip(text, start + 1)
    line, counted = 1, 0
    while text[position] != "]":
        value, end = DECODER.raw_decode(text, position)
        line += text.count("\n", counted, position)
        counted = position
        yield line, value
        position = _skip(text, end, also=",")


def _member(text: str, position: int, wanted: str) -> int:
    """Where the value of a name starts in the object at a position."""
    found = position
    while text[position] != "}":
        name, end = DECODER.raw_decode(text, _skip(text, position + 1))
        start = _skip(text, end, also=":")
        _value, end = DECODER.raw_decode(text, start)
        if name == wanted:
            # JSON lets the last of several values with one name win.
            found = start
        position = _skip(text, end)
    return found


def _skip(text: str, position: int, also: str = "") -> int:
    while text[position] in _SPACE or text[position] == also:
        position += 1
    return position

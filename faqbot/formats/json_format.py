"""json: a list of entries, or an object that holds one under `entries`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from faqbot.formats.decoding import decode
from faqbot.formats.rows import to_record
from faqbot.formats.source import RawFile, Source, raw_file
from faqbot.knowledge import Entry

# `NaN` and `Infinity`, which some programs write, are no JSON; they stand for "nothing" there.
DECODER = json.JSONDecoder(parse_constant=lambda _: None)
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
            f"it is not valid JSON at line {error.lineno}, column {error.colno}: {error.msg.lower()}"
        ) from None
    except (ValueError, RecursionError):
        raise source.unreadable("it is not valid JSON: something in it is too long or too deeply nested") from None
    if not isinstance(value, list) and not (isinstance(value, dict) and isinstance(value.get("entries"), list)):
        raise source.unreadable('it must be a list of entries, or {"entries": [...]}')
    return raw_file(source, _with_lines(text), encoding)


def write(entries: Sequence[Entry]) -> bytes:
    """Write a json file: a list, indented, UTF-8."""
    return (json.dumps([to_record(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _with_lines(text: str) -> Iterator[tuple[int, object]]:
    """Every entry of a text that is known to be right, with the line where it starts."""
    position = _first_entry(text)
    line, counted = 1, 0
    while text[position] != "]":
        value, end = DECODER.raw_decode(text, position)
        line += text.count("\n", counted, position)
        counted = position
        yield line, value
        position = _skip(text, end, also=",")


def _first_entry(text: str) -> int:
    position = _skip(text, 0)
    if text[position] == "[":
        return _skip(text, position + 1)
    found = position
    while text[position] != "}":
        name, end = DECODER.raw_decode(text, _skip(text, position + 1))
        start = _skip(text, end, also=":")
        _, end = DECODER.raw_decode(text, start)
        if name == "entries":
            # JSON lets the last of several values with one name win.
            found = start
        position = _skip(text, end)
    return _skip(text, found + 1)


def _skip(text: str, position: int, also: str = "") -> int:
    while text[position] in _SPACE or text[position] == also:
        position += 1
    return position

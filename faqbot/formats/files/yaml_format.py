"""yaml: a list of entries, or a mapping that holds one under `entries`.

Read from the parser's events, not with `yaml.safe_load`, for three reasons. Values stay as they are written: to
YAML 1.1 an answer `12:30` is the number 750, `no` is false and the id `010` is 8. The library's C loader crashes the
process on deeply nested input. And every entry keeps its line. Anchors, which could blow a small file up, are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from faqbot.formats.files.decoding import decode
from faqbot.formats.rows.source import RawFile, Source, raw_file
from faqbot.knowledge import Entry, to_record
from faqbot.language import Text, _

# entries > entry > similar > question is the deepest that an entry needs.
_DEEPEST = 8
_NOTHING = ("", "~", "null", "Null", "NULL")
_SHAPE = _("it must be a list of entries, or a list under 'entries:'")
_STRING_TAGS = (None, "!", "tag:yaml.org,2002:str")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _RefusedError(ValueError):
    """YAML that is valid, but nothing a knowledge base needs."""


class _Events:
    """The parser's events, one at a time."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))

    def next(self) -> Any:  # noqa: ANN401  # the library's events have no types
        event = next(self._events)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError(
                _("line {line} uses an anchor or alias (& or *); write the text out or in quotes", line=_line_of(event))
            )
        if getattr(event, "tag", None) not in _STRING_TAGS:
            raise _RefusedError(_("line {line} uses the tag {tag}; leave it out", line=_line_of(event), tag=event.tag))
        return event


def read(source: Source) -> RawFile:
    """Read a yaml file.

    Raises:
        UnreadableFile: It is no text, no YAML, or holds no list of entries.
        MissingColumn: No entry has a question.
        FileTooLarge: It has too many entries.
    """
    text, encoding = decode(source)
    try:
        return raw_file(source, _records(_Events(text)), encoding)
    except yaml.YAMLError as error:
        raise source.unreadable(
            _(
                "it is not valid YAML{place}; look there, and on the line before, for uneven indentation, a "
                "tab, or a quote, bracket or colon that is missing",
                place=_place(error),
            )
        ) from None
    except _RefusedError as error:
        raise source.unreadable(error.args[0]) from None


def write(entries: Sequence[Entry]) -> bytes:
    """Write a yaml file: a list in block style, texts of several lines as blocks, UTF-8."""
    text: str = yaml.dump(
        [to_record(entry) for entry in entries],
        Dumper=_BlockDumper,
        allow_unicode=True,
        sort_keys=False,
        width=1_000_000,
    )
    return text.encode("utf-8")


def _line_of(event: Any) -> int:  # noqa: ANN401
    """The line on which an event starts, from 1."""
    return int(event.start_mark.line) + 1


def _records(events: _Events) -> Iterator[tuple[int, object]]:
    """Every entry with its line, from the list itself or from the one under `entries`."""
    events.next()  # the stream starts
    if isinstance(events.next(), yaml.StreamEndEvent):
        raise _RefusedError(_("it is empty"))
    start = events.next()
    if isinstance(start, yaml.SequenceStartEvent):
        yield from _items(events)
    elif isinstance(start, yaml.MappingStartEvent):
        yield from _items_under_entries(events)
    else:
        raise _RefusedError(_SHAPE)
    events.next()  # the document ends
    if not isinstance(events.next(), yaml.StreamEndEvent):
        raise _RefusedError(_("it holds more than one document; keep one"))


def _items_under_entries(events: _Events) -> Iterator[tuple[int, object]]:
    found = False
    while not isinstance(name := events.next(), yaml.MappingEndEvent):
        content = events.next()
        if getattr(name, "value", None) == "entries" and isinstance(content, yaml.SequenceStartEvent):
            found = True
            yield from _items(events)
        else:
            _value(events, content)
    if not found:
        raise _RefusedError(_SHAPE)


def _items(events: _Events) -> Iterator[tuple[int, object]]:
    while not isinstance(event := events.next(), yaml.SequenceEndEvent):
        yield _line_of(event), _value(events, event)


def _value(events: _Events, event: Any, depth: int = 0) -> object:  # noqa: ANN401
    """The text, None, list or mapping that starts with this event."""
    if isinstance(event, yaml.ScalarEvent):
        return None if event.implicit[0] and event.value in _NOTHING else event.value
    if depth > _DEEPEST:
        raise _RefusedError(
            _("line {line} is nested too deeply; an entry needs no more than lists of texts", line=_line_of(event))
        )
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := events.next(), yaml.SequenceEndEvent):
            items.append(_value(events, item, depth + 1))
        return items
    mapping: dict[str, object] = {}
    while not isinstance(name := events.next(), yaml.MappingEndEvent):
        if not isinstance(name, yaml.ScalarEvent):
            raise _RefusedError(_("line {line} has a list or mapping as a name", line=_line_of(name)))
        if name.value in mapping:
            raise _RefusedError(
                _("line {line} gives '{name}' a second time", line=_line_of(name), name=name.value[:40])
            )
        mapping[name.value] = _value(events, events.next(), depth + 1)
    return mapping


def _place(error: yaml.YAMLError) -> Text:
    mark = getattr(error, "problem_mark", None)
    return _(" at line {line}, column {column}", line=mark.line + 1, column=mark.column + 1) if mark else Text("")


class _BlockDumper(_Dumper):  # type: ignore[misc]  # which of the two base classes is known at run time only
    """Writes texts of several lines as blocks, which people can read and edit."""


def _represent_text(dumper: Any, text: str) -> Any:  # noqa: ANN401
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_BlockDumper.add_representer(str, _represent_text)

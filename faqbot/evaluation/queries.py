"""Labelled questions: what was asked, and which entries answer it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from faqbot.contract import parse_json
from faqbot.errors import FileNotFound, UnreadableFile
from faqbot.knowledge import clean, has_content
from faqbot.language import _


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """One question.

    Attributes:
        text: Cleaned.
        golds: Every entry id that answers it; empty when nothing in the knowledge base does.
        language: As the file states it, or empty.
    """

    text: str
    golds: frozenset[str]
    language: str = ""


def read_queries(path: Path) -> list[LabelledQuery]:
    """Read JSON lines `{"query", "gold": id or null, "golds"?: [ids], "lang"?}`.

    Raises:
        FileNotFound: There is no such file.
        UnreadableFile: A line is not of that form; the message names it.
    """
    return [_query(path, number, line) for number, line in _lines(path)]


def read_texts(path: Path) -> list[str]:
    """Read the questions alone from JSON lines with a `query`; labels, where there are any, are not looked at.

    Raises:
        FileNotFound: There is no such file.
        UnreadableFile: A line is not of that form.
    """
    return [_query(path, number, line).text for number, line in _lines(path)]


def _lines(path: Path) -> list[tuple[int, str]]:
    if not path.is_file():
        raise FileNotFound(_("There is no file {path}.", path=path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(_("{path} cannot be read: {reason}.", path=path, reason=error.strerror)) from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            _("{path} is no UTF-8 at byte {place}; save it as UTF-8.", path=path, place=error.start)
        ) from None
    kept = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not kept:
        raise UnreadableFile(_("{path} holds no questions.", path=path))
    return kept


def _query(path: Path, number: int, line: str) -> LabelledQuery:
    try:
        row = parse_json(line)
        text = clean(row["query"])
        golds = row.get("golds") or ([row["gold"]] if row.get("gold") is not None else [])
        query = LabelledQuery(text, frozenset(str(gold) for gold in golds), str(row.get("lang") or ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableFile(
            _(
                '{path}, line {number}: expected {{"query": "...", "gold": "id" or null}}, got {line!r}.',
                path=path,
                number=number,
                line=line[:60],
            )
        ) from None
    if not has_content(text):
        raise UnreadableFile(_("{path}, line {number}: the query is empty.", path=path, number=number))
    return query

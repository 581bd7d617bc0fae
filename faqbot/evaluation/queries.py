"""Labelled questions: what was asked, and which entries answer it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from faqbot.errors import FileNotFound, UnreadableFile
from faqbot.knowledge import clean, has_content


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
    if not path.is_file():
        raise FileNotFound(f"There is no file {path}.")
    queries = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if line.strip():
            queries.append(_query(path, number, line))
    if not queries:
        raise UnreadableFile(f"{path} holds no questions.")
    return queries


def _query(path: Path, number: int, line: str) -> LabelledQuery:
    try:
        row = json.loads(line)
        text = clean(row["query"])
        golds = row.get("golds") or ([row["gold"]] if row.get("gold") is not None else [])
        query = LabelledQuery(text, frozenset(str(gold) for gold in golds), str(row.get("lang") or ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableFile(
            f'{path}, line {number}: expected {{"query": "...", "gold": "id" or null}}, got {line[:60]!r}.'
        ) from None
    if not has_content(text):
        raise UnreadableFile(f"{path}, line {number}: the query is empty.")
    return query

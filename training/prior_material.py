"""Public knowledge bases and questions for the matching prior, read from a folder of evaluation sets.

Only sets whose licence lets what is learned from them be shipped, and of sets that also serve as tests only the
knowledge-base side, never a question. The starter knowledge base, written for faqbot, adds the Chinese shop.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faqbot.knowledge import clean, has_content

# More of one entry would only take longer to encode.
_QUESTIONS = 60
_WRITTEN = Path(__file__).parent / "wordings"


@dataclass(frozen=True, slots=True)
class Pool:
    """One set to draw small knowledge bases from.

    Attributes:
        name: For the record.
        entries: Per entry its wordings, the standard question first, and real questions that mean it (may be empty).
        groups: Texts that ask the same, for the metric; at least two in each.
        weight: How often episodes are drawn from it.
        family: Pools of one family share texts.
    """

    name: str
    entries: list[tuple[list[str], list[str]]]
    groups: list[list[str]]
    weight: float
    family: str


def read_pools(folder: Path, starter: Path) -> list[Pool]:
    """Every pool.

    Args:
        folder: Holds a folder per evaluation set.
        starter: The folder of the starter knowledge base.
    """
    return [
        _intents(folder / "hwu64_en", 3.0, ("kb20_full.jsonl", "queries_full.jsonl")),
        _intents(folder / "bitext_support_en", 2.0, ("kb20_full.jsonl", "queries_full.jsonl")),
        _intents(folder / "banking77_en", 3.0, ("kb20.jsonl", None)),
        _intents(folder / "clinc150_en", 3.0, ("kb20.jsonl", None)),
        _intents(folder / "nlpjs_multi", 1.5, ("kb.jsonl", "queries.jsonl")),
        _intents(folder / "letsencrypt_multi", 1.0, ("kb.jsonl", "queries.jsonl")),
        _intents(folder / "covidfaq_deepset_multi", 2.5, ("kb.jsonl", "queries.jsonl")),
        _intents(folder / "xsid_multi", 0.7, ("kb.jsonl", "queries.jsonl")),
        _starter(starter),
        *_written(),
        _translations(folder / "tatoeba_zh_en", 1.2, ("zh", "en"), "tatoeba_zh_en"),
        _translations(folder / "xsid_multi", 0.8, None, "xsid_multi"),
    ]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _wordings(row: dict[str, Any]) -> list[str]:
    """The standard question first, then the similar ones; cleaned, and without those that say nothing."""
    texts = (clean(text) for text in (row["question"], *(row.get("similar") or [])))
    return list(dict.fromkeys(text for text in texts if has_content(text)))


def _queries(path: Path, entries: Collection[str]) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {entry: [] for entry in entries}
    for row in _rows(path):
        if row["gold"] in asked and len(asked[row["gold"]]) < _QUESTIONS and has_content(row["query"]):
            asked[row["gold"]].append(clean(row["query"]))
    return asked


def _intents(folder: Path, weight: float, files: tuple[str, str | None]) -> Pool:
    wordings = {row["id"]: _wordings(row) for row in _rows(folder / files[0])}
    asked = _queries(folder / files[1], wordings) if files[1] else {entry: [] for entry in wordings}
    groups = {entry: [*wordings[entry], *asked[entry]] for entry in wordings}
    for path in [*sorted(folder.glob("kb_??.jsonl")), *folder.glob("kb_zh-tw.jsonl")]:
        for row in _rows(path):
            groups.setdefault(row["id"], []).extend(_wordings(row))
    several = [list(dict.fromkeys(group)) for group in groups.values()]
    entries = [(wordings[entry], asked[entry]) for entry in wordings if wordings[entry]]
    return Pool(folder.name, entries, [group for group in several if len(group) > 1], weight, folder.name)


def _written() -> Iterator[Pool]:
    """Our own wordings of many trades: every second trade in one family, each in Chinese, in English, and across.

    The first two wordings of a language are known, the others are asked.
    """
    files = sorted(_WRITTEN.glob("*.jsonl"))
    for number in (0, 1):
        rows = [row["wordings"] for path in files[number::2] for row in _rows(path)]
        groups = [[clean(text) for texts in wordings.values() for text in texts] for wordings in rows]
        for known, asked in (("zh", "zh"), ("en", "en"), ("zh", "en"), ("en", None)):
            entries = []
            for wordings in rows:
                others = [text for name, texts in wordings.items() if name not in ("zh", "en") for text in texts]
                questions = others if asked is None else wordings[asked][2:] if asked == known else wordings[asked]
                entries.append(([clean(t) for t in wordings[known][:2]], [clean(t) for t in questions]))
            weight = 1.5 if known == asked else 0.3
            name = f"written-{number + 1}-{known}-{asked or 'other'}"
            # The metric learns from each group once, not once per pair of languages.
            yield Pool(name, entries, groups if (known, asked) == ("zh", "zh") else [], weight, f"written-{number + 1}")


def _starter(folder: Path) -> Pool:
    wordings = {row["id"]: _wordings(row) for row in _rows(folder / "starter.jsonl")}
    asked = _queries(folder / "questions.jsonl", wordings)
    groups = [known for known in wordings.values() if len(known) > 1]
    return Pool("starter", [(wordings[entry], asked[entry]) for entry in wordings], groups, 2.5, "starter")


def _translations(folder: Path, weight: float, languages: tuple[str, ...] | None, family: str) -> Pool:
    parallel = _rows(folder / "parallel.jsonl")
    rows = [{k: clean(v) for k, v in row.items() if k != "id" and has_content(v)} for row in parallel]
    entries, groups = [], []
    for place, row in enumerate(rows):
        chosen = {language: row[language] for language in languages or sorted(row) if language in row}
        known = "en" if "en" in chosen and (languages is None or place % 2) else next(iter(chosen), None)
        if known is None or len(chosen) < 2:
            continue
        entries.append(([chosen[known]], [text for language, text in chosen.items() if language != known]))
        groups.append(list(dict.fromkeys(chosen.values())))
    return Pool(f"{folder.name} translations", entries, [group for group in groups if len(group) > 1], weight, family)

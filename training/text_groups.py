"""The texts that the heads learn from: groups of wordings that ask the same, read from class-P sets and our own FAQ."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import Tensor

from faqbot.knowledge import clean, match_key, topic_of

Group = tuple[str, ...]
"""Two or more different wordings of one entry, in any languages."""

_OURS = "MIT (written for faqbot)"
_WRITTEN = Path(__file__).parent / "wordings"
# Domains in one set: their entries together are about as many as the pairs of a batch.
_TOGETHER = 4
_STARTER = Path(__file__).parents[1] / "knowledge_base" / "starter.yaml"


@dataclass(frozen=True, slots=True)
class TextSet:
    """One source of groups.

    Batches are drawn within a set, because the entries beside it are the hard negatives.

    Attributes:
        name: Folder name, or `starter`.
        licence: As its publisher states it.
        groups: No wording stands in two of them.
    """

    name: str
    licence: str
    groups: tuple[Group, ...]

    @property
    def rows(self) -> int:
        """Wordings in all groups."""
        return sum(map(len, self.groups))


def read_text_sets(data: Path) -> list[TextSet]:
    """Every set, in a fixed order.

    Args:
        data: A folder with one sub-folder per set; see `training/README.md`.

    Raises:
        FileNotFoundError: A set is missing.
    """
    sets = [TextSet(name, licence, tuple(_groups(read(data / name)))) for name, licence, read in _SOURCES]
    files = sorted(_WRITTEN.glob("*.jsonl"))
    written = [
        TextSet(
            f"written-{start // _TOGETHER + 1:02}", _OURS, tuple(_groups(_written(files[start : start + _TOGETHER])))
        )
        for start in range(0, len(files), _TOGETHER)
    ]
    return [*sets, *written, TextSet("starter", _OURS, tuple(_groups(_starter())))]


Tagged = Iterator[tuple[str, str]]
"""(what wordings of one entry share, wording)"""


def _wordings_and_queries(folder: Path, kb: str, queries: str) -> Tagged:
    for row in _rows(folder / kb):
        for text in (row["question"], *row.get("similar", ())):
            yield row["id"], text
    for row in _rows(folder / queries):
        if row["gold"]:
            yield row["gold"], row["query"]


def _full(folder: Path) -> Tagged:
    return _wordings_and_queries(folder, "kb20_full.jsonl", "queries_full.jsonl")


def _every_language(folder: Path) -> Tagged:
    """The entries in all their translations: `kb.jsonl` and `kb_<language>.jsonl` use the same ids."""
    for path in sorted(folder.glob("kb*.jsonl")):
        yield from _wordings_and_queries(folder, path.name, "queries.jsonl")


def _parallel(folder: Path) -> Tagged:
    for number, row in enumerate(_rows(folder / "parallel.jsonl")):
        for language, text in row.items():
            if language != "id":
                yield str(number), text


def _paraphrases(folder: Path) -> Tagged:
    """Pairs that share a text belong together, so groups are what is connected."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            text = parent[text]
        return text

    for row in _rows(folder / "pairs.jsonl"):
        if row["label"] == 1:
            parent[root(row["b"])] = root(row["a"])
    for text in list(parent):
        yield root(text), text


def _written(files: Iterable[Path]) -> Tagged:
    for path in files:
        for row in _rows(path):
            for texts in row["wordings"].values():
                for text in texts:
                    yield row["id"], text


def _starter() -> Tagged:
    for entry in yaml.safe_load(_STARTER.read_text(encoding="utf-8")):
        for text in (entry["question"], *entry.get("similar", ())):
            yield topic_of(entry["id"], entry.get("language", "")), text


_SOURCES: tuple[tuple[str, str, Callable[[Path], Tagged]], ...] = (
    ("hwu64_en", "CC-BY-4.0", _full),
    ("bitext_support_en", "CDLA-Sharing-1.0", _full),
    ("xsid_multi", "CC-BY-SA-4.0", _parallel),
    ("nlpjs_multi", "MIT", _every_language),
    ("letsencrypt_multi", "MPL-2.0", _every_language),
    ("covidfaq_deepset_multi", "Apache-2.0", _paraphrases),
    ("tatoeba_zh_en", "CC-BY-2.0-FR", _parallel),
)


def draw_pairs(groups: list[list[int]], count: int, draw: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Which entry, a question, another of its wordings: three times (count,), entries as evenly as they come."""
    rounds = -(-count // len(groups))
    entry = torch.cat([torch.randperm(len(groups), generator=draw) for _ in range(rounds)])[:count]
    chosen = []
    for number in entry.tolist():
        group = groups[number]
        first, second = torch.randperm(len(group), generator=draw)[:2].tolist()
        chosen.append((group[first], group[second]))
    questions, wordings = torch.tensor(chosen).T
    return entry, questions, wordings


def _groups(tagged: Iterable[tuple[str, str]]) -> Iterator[Group]:
    """Repeats go; so does a wording that two entries claim, from the second one."""
    members: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    for tag, text in tagged:
        key = match_key(text)
        if key not in seen:
            seen.add(key)
            members[tag].append(clean(text))
    return (tuple(texts) for texts in members.values() if len(texts) > 1)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)

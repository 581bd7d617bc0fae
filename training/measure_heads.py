"""Hit@1 of each mode with given heads: the share of questions whose best single wording belongs to the right entry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from faqbot.knowledge import clean
from training.head_losses import Heads, mode_scores
from training.hidden_states import HiddenStates
from training.text_groups import TextSet

MODES = ("dense", "sparse", "colbert")
Scores = dict[str, float]
"""Mode -> share of questions."""

# Sets that the heads are never trained on, and of how many questions one is asked.
_UNSEEN = {
    "webank_zh": 1,
    "lcqmc_zh": 3,
    "stackfaq_en": 1,
    "clinc150_en": 1,
    "banking77_oos_en": 1,
    "bitcoinfaq_multi": 1,
}
_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Task:
    """Find the entry of each question.

    Attributes:
        name: For the table.
        wordings: (entry, text) of the knowledge base.
        questions: (entries that are right, text); only questions that have an answer.
    """

    name: str
    wordings: tuple[tuple[str, str], ...]
    questions: tuple[tuple[frozenset[str], str], ...]

    @property
    def texts(self) -> list[str]:
        """Everything to encode."""
        return [text for _, text in (*self.wordings, *self.questions)]


def read_tasks(data: Path) -> list[Task]:
    """The sets to report on: none of them is trained on."""
    return [read_task(data / name, every) for name, every in _UNSEEN.items()]


def read_task(folder: Path, every: int = 1) -> Task:
    """A labelled set: `kb.jsonl` and every nth answerable question of `queries.jsonl`."""
    wordings = [
        (row["id"], clean(text))
        for row in _rows(folder / "kb.jsonl")
        for text in (row["question"], *row.get("similar", ()))
    ]
    questions = [
        (frozenset(row.get("golds") or [row["gold"]]), clean(row["query"]))
        for row in _rows(folder / "queries.jsonl")
        if row["gold"]
    ]
    return Task(folder.name, tuple(wordings), tuple(questions[::every]))


def held_out_task(texts: TextSet, wordings_each: int = 6) -> Task:
    """A set that was left out of training: up to six wordings of each entry are known, the others are asked."""
    known, asked = [], []
    for number, group in enumerate(texts.groups):
        entry = str(number)
        split = min(wordings_each, len(group) // 2)
        known += [(entry, text) for text in group[:split]]
        asked += [(frozenset([entry]), text) for text in group[split:]]
    return Task(texts.name, tuple(known), tuple(asked))


def hit_at_1(heads: Heads, hidden: HiddenStates, task: Task) -> Scores:
    """Share of questions answered rightly by the best wording, per mode of `MODES`."""
    hits = dict.fromkeys(MODES, 0)
    by_length: dict[int, list[tuple[str, str]]] = {}
    for entry, text in task.wordings:
        by_length.setdefault(int(hidden.lengths[hidden.index[text]]), []).append((entry, text))
    for start in range(0, len(task.questions), _AT_ONCE):
        right, asked = zip(*task.questions[start : start + _AT_ONCE], strict=True)
        found = _best_entries(heads, hidden, asked, list(by_length.values()))
        for mode in MODES:
            hits[mode] += sum(entry in fine for entry, fine in zip(found[mode], right, strict=True))
    return {mode: hits[mode] / len(task.questions) for mode in MODES}


def _best_entries(
    heads: Heads, hidden: HiddenStates, asked: Sequence[str], known: list[list[tuple[str, str]]]
) -> dict[str, list[str]]:
    """The entry of each question's best wording, per mode; `known` in groups of one length, which need no padding."""
    questions = hidden.side(asked)
    best = {mode: torch.full((len(asked),), -torch.inf) for mode in MODES}
    found = {mode: [""] * len(asked) for mode in MODES}
    for group in known:
        with torch.inference_mode():
            scores = mode_scores(heads, questions, hidden.side([text for _, text in group]))
        for mode, matrix in zip(MODES, scores, strict=True):
            top, which = matrix.max(dim=1)
            for row in (top > best[mode]).nonzero().flatten().tolist():
                found[mode][row] = group[int(which[row])][0]
            best[mode] = torch.maximum(best[mode], top)
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)

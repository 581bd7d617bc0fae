"""Fit the weights with which passages of long answers are believed before a knowledge base has shown anything.

    python -m training.train_passages KB.jsonl=QUERIES.jsonl KB.jsonl ...

Every answer of a knowledge base is split, short ones too, and asked with labelled questions, or where none are named
with its own standard questions. Each question is asked a second time without the answers that are right, so half of
the questions have no answer. Prints `PRIOR` of `faqbot.matching.passages.learning`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import optimize

from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.encoder.unrelated import encode_unrelated
from faqbot.evaluation.queries import LabelledQuery, read_queries
from faqbot.knowledge import Entry, clean
from faqbot.matching.model.conditional_logit import probabilities
from faqbot.matching.model.matcher import MOST_TOPICS
from faqbot.matching.passages.model import PassageModel
from faqbot.matching.passages.search import nearest, ranker_of
from faqbot.matching.search.match import Match
from faqbot.matching.search.scoring import measure_scale
from faqbot.passages import Passage, split
from faqbot.settings import EncoderSettings

_MOST = 700
_PRECISION = 0.002

Rows = npt.NDArray[np.float64]
Part = tuple[Rows, npt.NDArray[np.bool_], Rows]
"""Per question the dense and ColBERT scores of its ten best topics, which of them and of "none" are right, weights."""


def main(sets: Sequence[str]) -> None:
    """Fit on the named sets and print the weights."""
    encoder = open_encoder(EncoderSettings(model="compact"))
    parts = []
    for one in sets:
        kb, _, queries = one.partition("=")
        parts.append(_part(encoder, *_read(Path(kb), Path(queries) if queries else None)))
        print(f"{one}: {len(parts[-1][2])} questions")
    print(_fit(parts))


def _read(kb: Path, queries: Path | None) -> tuple[list[Entry], list[LabelledQuery]]:
    rows = [json.loads(line) for line in kb.read_text(encoding="utf-8").splitlines()]
    entries = [Entry(row["id"], row["question"], answer=row["answer"].strip()) for row in rows if row.get("answer")]
    if queries:
        known = {entry.entry_id for entry in entries}
        asked = [query for query in read_queries(queries) if not query.golds or query.golds & known]
    else:
        asked = [LabelledQuery(clean(entry.standard_question), frozenset((entry.entry_id,))) for entry in entries]
    random = np.random.default_rng(0)
    return entries, [asked[place] for place in random.permutation(len(asked))[:_MOST]]


def _part(encoder: Encoder, entries: Sequence[Entry], queries: Sequence[LabelledQuery]) -> Part:
    passages = [
        Passage(entry.entry_id, entry.entry_id, entry.answer[start:end], start, end, 1, 1, heading)
        for entry in entries
        for (start, end), heading in split(entry.answer)
    ]
    scale = measure_scale(encode_unrelated(encoder))
    ranker = ranker_of(passages, encoder.encode([passage.wording.text for passage in passages]), scale)
    asked: list[tuple[list[Match], frozenset[str]]] = []
    for query, encoding in zip(queries, encoder.encode([query.text for query in queries]), strict=True):
        found = nearest(ranker, encoding)
        asked.append((found, query.golds))
        if query.golds:
            asked.append(([match for match in found if match.wording.topic not in query.golds], frozenset()))
    scores = np.zeros((len(asked), MOST_TOPICS, 2))
    right = np.zeros((len(asked), MOST_TOPICS + 1), dtype=bool)
    for row, (matches, golds) in enumerate(asked):
        for place, match in enumerate(matches[:MOST_TOPICS]):
            scores[row, place] = match.scores.dense, match.scores.colbert
            right[row, place] = match.wording.topic in golds
        right[row, -1] = not right[row].any()
    answerable = ~right[:, -1]
    half = len(asked) / 2
    weights = np.where(answerable, half / max(1, answerable.sum()), half / max(1, (~answerable).sum()))
    # A set ten times as large is not ten times as informative about another knowledge base.
    return scores, right, weights * 10 / np.sqrt(len(asked))


def _fit(parts: Sequence[Part]) -> PassageModel:
    def loss(weights: Rows) -> float:
        value = _PRECISION / 2 * float(weights @ weights)
        for scores, right, counts in parts:
            topics = np.where(scores.any(axis=2), scores @ weights[:2], -np.inf)
            beliefs = probabilities(np.column_stack([topics, np.full(len(scores), weights[2])]))
            value -= float(counts @ np.log(np.maximum((beliefs * right).sum(axis=1), 1e-300)))
        return value

    best = optimize.minimize(loss, np.zeros(3), method="L-BFGS-B", bounds=[(0, None), (0, None), (None, None)])
    return PassageModel(*(round(float(weight), 2) for weight in best.x))


if __name__ == "__main__":
    main(sys.argv[1:])

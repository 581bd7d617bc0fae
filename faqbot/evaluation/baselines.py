"""What everybody else does, measured in the same run on the same vectors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from faqbot.encoder import Encoding
from faqbot.evaluation.metrics import Outcome
from faqbot.evaluation.queries import LabelledQuery
from faqbot.knowledge import Wording, clean
from faqbot.matching.search.index import WordingIndex, WordingScores

Rule = Callable[[WordingScores], npt.NDArray[np.float64]]
"""From a question's raw mode scores to one number per scored wording; higher is better."""

_RRF_K = 60
_CANDIDATES = 200
_FIXED_COSINE = 0.8
_HAN_RUN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]+")
_WORD = re.compile(r"[^\W_]+")


def _weighted(dense: float, sparse: float, colbert: float) -> Rule:
    def rule(found: WordingScores) -> npt.NDArray[np.float64]:
        total = dense + sparse + colbert
        return np.asarray((dense * found.dense + sparse * found.sparse + colbert * found.colbert) / total, dtype=float)

    return rule


def _reciprocal_rank(found: WordingScores) -> npt.NDArray[np.float64]:
    """Cormack et al. 2009: the sum over modes of 1 / (60 + rank)."""
    total = np.zeros(len(found.rows))
    for scores in (found.dense, found.sparse, found.colbert):
        ranks = np.empty(len(scores))
        ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        total += 1.0 / (_RRF_K + ranks)
    return total


RULES: dict[str, Rule] = {
    "cosine": _weighted(1, 0, 0),
    "flagembedding_1_1_1": _weighted(1, 1, 1),
    "flagembedding_1_0.3_1": _weighted(1, 0.3, 1),
    "flagembedding_0.4_0.2_0.4": _weighted(0.4, 0.2, 0.4),
    "reciprocal_rank_fusion": _reciprocal_rank,
}
"""The rivals' ways to merge mode scores; weights in the order dense, sparse, colbert."""


def run_baselines(
    index: WordingIndex,
    gold_topics: Sequence[frozenset[str]],
    queries: Sequence[LabelledQuery],
    encodings: Sequence[Encoding],
) -> dict[str, list[Outcome]]:
    """Every baseline's outcomes, one per query.

    Args:
        index: The knowledge base.
        gold_topics: Per query, the topics that answer it; empty when none does.
        queries: What is asked.
        encodings: Of the queries.
    """
    outcomes: dict[str, list[Outcome]] = {name: [] for name in ("exact", "bm25", "fixed_cosine_0.8", *RULES)}
    bm25 = _bm25_scores(index.wordings, [query.text for query in queries])
    for number, (golds, query, encoding) in enumerate(zip(gold_topics, queries, encodings, strict=True)):
        found = index.score(encoding, index.candidates(encoding, _CANDIDATES))
        for name, rule in RULES.items():
            outcomes[name].append(_outcome(index, found.rows, rule(found), golds))
        best = outcomes["cosine"][-1]
        outcomes["fixed_cosine_0.8"].append(
            Outcome(best.rank, best.confidence, best.answerable, best.confidence >= _FIXED_COSINE)
        )
        rows = np.arange(len(index))
        outcomes["bm25"].append(_outcome(index, rows, bm25[number], golds))
        outcomes["exact"].append(_exact(index, query.text, golds))
    return outcomes


def _outcome(
    index: WordingIndex, rows: npt.NDArray[np.intp], scores: npt.NDArray[np.float64], golds: frozenset[str]
) -> Outcome:
    seen: list[str] = []
    for position in np.argsort(-scores, kind="stable"):
        topic = index.wordings[rows[position]].topic
        if topic not in seen:
            seen.append(topic)
        if topic in golds or len(seen) >= 10:
            break
    rank = next((place for place, topic in enumerate(seen, start=1) if topic in golds), None)
    return Outcome(rank, float(scores.max()), bool(golds))


def _exact(index: WordingIndex, text: str, golds: frozenset[str]) -> Outcome:
    rows = index.exact(text)
    found = bool(rows)
    rank = 1 if found and index.wordings[rows[0]].topic in golds else None
    return Outcome(rank, float(found), bool(golds), answered=found)


def _bm25_scores(wordings: Sequence[Wording], texts: Sequence[str]) -> npt.NDArray[np.float64]:
    import bm25s

    retriever = bm25s.BM25()
    retriever.index([_terms(wording.text) for wording in wordings], show_progress=False)
    vocabulary = set(retriever.vocab_dict)
    rows = []
    for text in texts:
        known = [term for term in _terms(text) if term in vocabulary]
        rows.append(retriever.get_scores(known) if known else np.zeros(len(wordings)))
    return np.asarray(rows, dtype=float)


def _terms(text: str) -> list[str]:
    """Lower-case words, and the character bigrams of scripts that put no spaces between words."""
    folded = clean(text).casefold()
    runs = _HAN_RUN.findall(folded)
    bigrams = [run[i : i + 2] for run in runs for i in range(max(1, len(run) - 1))]
    return _WORD.findall(_HAN_RUN.sub(" ", folded)) + bigrams or ["?"]

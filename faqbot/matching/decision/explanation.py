"""Why a match scored as it did and the verdict fell, in parts that add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein
from typing_extensions import TypedDict

from faqbot.encoder.encoding import Encoding
from faqbot.knowledge import match_key
from faqbot.matching.decision.decision import Decider, Judgement, Question
from faqbot.matching.model.matcher import LabelledAs, Reason
from faqbot.matching.model.neighbours import alike
from faqbot.matching.search.match import Match
from faqbot.matching.search.mode_ranking import ModeRanker
from faqbot.matching.search.scoring import lexical_norm

_PAIRS_SHOWN = 8

Tokens = Sequence[tuple[int, str]]
"""(token id, piece) per row of a multi-vector, as `Encoder.tokens` gives them."""


class _Modes(TypedDict):
    dense: float
    sparse: float
    colbert: float


class _Edit(TypedDict):
    question: str
    wording: str


class _SparseToken(TypedDict):
    token: str
    question_weight: float
    wording_weight: float
    contribution: float


class _ColbertPair(TypedDict):
    question_token: str
    wording_token: str
    similarity: float
    contribution: float


class _Evidence(TypedDict):
    logit: float
    evidence: dict[str, float]
    contributions: dict[str, float]
    meanings: dict[str, str]


class _Labelled(TypedDict):
    count: int
    nearest: str
    similarity: float


class _NothingFits(_Evidence):
    probability: float
    labelled: _Labelled | None


class _Learned(_Evidence):
    labelled: _Labelled | None
    nothing_fits: _NothingFits
    margin: float


class _FoundPassage(TypedDict):
    entry_id: str
    number: int
    score: float
    scores: _Modes
    probability: float
    by_questions_alone: float


class _Thresholds(TypedDict):
    target_precision: float
    expected_precision: float | None
    expected_coverage: float | None
    interval: list[float] | None
    sample: int
    sample_source: str
    unanswerable_share: float
    unanswerable_share_source: str
    cautious: bool


class Explanation(TypedDict):
    """Why a match scored as it did and the verdict fell; see `explain`."""

    wording: str
    respelt: str | None
    typed_differently: list[_Edit] | None
    hybrid_score: float
    contributions: _Modes
    raw: _Modes
    sparse_tokens: list[_SparseToken]
    colbert_pairs: list[_ColbertPair]
    learned: _Learned
    passage: _FoundPassage | None
    thresholds: _Thresholds


def explain(
    decider: Decider, judgement: Judgement, question: Question, question_tokens: Tokens, wording_tokens: Tokens
) -> Explanation:
    """Say why the best match scored as it did, and why the verdict fell.

    Args:
        decider: The one that judged.
        judgement: What came of the question; it has a match.
        question: What was asked.
        question_tokens: Of the spelt question.
        wording_tokens: Of the best match's wording.

    Returns:
        JSON values. `contributions` per mode add up to `hybrid_score`; `sparse_tokens` and `colbert_pairs` are largest
        first, their `contribution`s shares of their mode's. `learned` has what each piece of evidence means, and what
        it added to the log-odds weight of the topic, and to that of "nothing fits": each list adds up to its `logit`;
        `labelled` says to how many questions people gave the topic, or "nothing fits", and which of them is nearest.
        `respelt` is the question as it was read where that differs; `typed_differently` the letters in which it differs
        from the wording where it nearly is that. `passage` has the scores of the passage that matched, its
        `probability` where no question fits, and the confidence that the entry has `by_questions_alone`.
    """
    match, ranker = judgement.matches[0], decider.ranker
    weights, scores = ranker.weights, match.scores
    total = weights.dense + weights.sparse + weights.colbert
    encoding = question.encoding
    return {
        "wording": match.wording.text,
        "respelt": question.spelt if question.spelt != question.text else None,
        "typed_differently": _typed_differently(question.spelt, match.wording.text),
        "hybrid_score": weights.combine(scores),
        "contributions": {
            "dense": weights.dense * scores.dense / total,
            "sparse": weights.sparse * scores.sparse / total,
            "colbert": weights.colbert * scores.colbert / total,
        },
        "raw": {"dense": match.raw.dense, "sparse": match.raw.sparse, "colbert": match.raw.colbert},
        "sparse_tokens": _sparse_tokens(ranker, match, encoding, question_tokens, weights.sparse / total),
        "colbert_pairs": _colbert_pairs(
            ranker, match, encoding, question_tokens, wording_tokens, weights.colbert / total
        ),
        "learned": _learned(decider, judgement, question),
        "passage": _passage(judgement, match),
        "thresholds": _thresholds(decider),
    }


def _typed_differently(question: str, wording: str) -> list[_Edit] | None:
    """Letters that are other, missing or too many; None where the texts are not nearly the same."""
    first, second = match_key(question), match_key(wording)
    if first == second or not alike(first, second):
        return None
    return [
        {"question": first[edit.src_start : edit.src_end], "wording": second[edit.dest_start : edit.dest_end]}
        for edit in Levenshtein.opcodes(first, second)
        if edit.tag != "equal"
    ]


def _learned(decider: Decider, judgement: Judgement, question: Question) -> _Learned:
    match, *following = judgement.matches
    reasons = decider.matcher.explain(question.spelt, encoding=question.encoding, topic=match.wording.topic)
    nothing_fits: _NothingFits = {
        **_evidence(reasons.none),
        "probability": judgement.ranking.p_none,
        "labelled": _labelled(reasons.labelled_none),
    }
    return {
        **_evidence(reasons.topic),
        "labelled": _labelled(reasons.labelled),
        "nothing_fits": nothing_fits,
        "margin": match.confidence - max((other.confidence for other in following), default=0.0),
    }


def _evidence(reasons: Sequence[Reason]) -> _Evidence:
    return {
        "logit": sum(reason.contribution for reason in reasons),
        "evidence": {reason.name: reason.value for reason in reasons},
        "contributions": {reason.name: reason.contribution for reason in reasons},
        "meanings": {reason.name: reason.meaning for reason in reasons},
    }


def _labelled(said: LabelledAs | None) -> _Labelled | None:
    return None if said is None else {"count": said.count, "nearest": said.question, "similarity": said.similarity}


def _passage(judgement: Judgement, match: Match) -> _FoundPassage | None:
    found = match.passage
    if found is None:
        return None
    return {
        "entry_id": found.passage.entry_id,
        "number": found.passage.number,
        "score": found.score,
        "scores": {"dense": found.scores.dense, "sparse": found.scores.sparse, "colbert": found.scores.colbert},
        "probability": found.probability,
        "by_questions_alone": judgement.ranking.confidence_of(match.wording.topic),
    }


def _thresholds(decider: Decider) -> _Thresholds:
    learned = decider.thresholds
    return {
        "target_precision": learned.target_precision,
        "expected_precision": learned.precision,
        "expected_coverage": learned.coverage,
        "interval": list(learned.interval) if learned.interval else None,
        "sample": learned.sample,
        "sample_source": learned.source,
        "unanswerable_share": learned.share,
        "unanswerable_share_source": learned.share_source,
        "cautious": learned.cautious,
    }


def _sparse_tokens(
    ranker: ModeRanker, match: Match, question: Encoding, question_tokens: Tokens, weight: float
) -> list[_SparseToken]:
    pieces = dict(question_tokens)
    wording_weights = ranker.index.lexical_weights(match.row, list(question.lexical_weights))
    norms = lexical_norm(question.lexical_weights) * float(ranker.index.lexical_norms[match.row])
    shared: list[_SparseToken] = [
        {
            "token": pieces.get(token, str(token)),
            "question_weight": question.lexical_weights[token],
            "wording_weight": other,
            "contribution": weight * question.lexical_weights[token] * other / norms,
        }
        for token, other in wording_weights.items()
    ]
    return sorted(shared, key=lambda part: -part["contribution"])


def _colbert_pairs(
    ranker: ModeRanker,
    match: Match,
    question: Encoding,
    question_tokens: Tokens,
    wording_tokens: Tokens,
    weight: float,
) -> list[_ColbertPair]:
    products = question.multi_vector @ ranker.index.multi_vector(match.row).T
    best = products.argmax(axis=1)
    floor, rows = ranker.scale.colbert, len(products)
    pairs: list[_ColbertPair] = [
        {
            "question_token": question_tokens[i][1] if i < len(question_tokens) else "",
            "wording_token": wording_tokens[j][1] if j < len(wording_tokens) else "",
            "similarity": float(products[i, j]),
            "contribution": weight * (float(products[i, j]) - floor) / (1 - floor) / rows,
        }
        for i, j in enumerate(np.asarray(best))
    ]
    return sorted(pairs, key=lambda part: -part["contribution"])[:_PAIRS_SHOWN]

"""Why a match scored as it did, in parts that add up to the score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from faqbot.encoder.encoding import Encoding
from faqbot.matching.match import Match
from faqbot.matching.mode_ranking import ModeRanker
from faqbot.matching.scoring import lexical_norm

_PAIRS_SHOWN = 8

Tokens = Sequence[tuple[int, str]]
"""(token id, piece) per row of a multi-vector, as `Encoder.tokens` gives them."""


def explain(
    matcher: ModeRanker, match: Match, question: Encoding, question_tokens: Tokens, wording_tokens: Tokens
) -> dict[str, object]:
    """Break a hybrid score into modes, and the sparse and ColBERT parts into token pairs.

    Args:
        matcher: The one that made the match.
        match: What is to be explained.
        question: The question's encoding.
        question_tokens: The question's tokens.
        wording_tokens: The matched wording's tokens.

    Returns:
        JSON values: `contributions` per mode, which add up to `hybrid_score`; `sparse_tokens` and `colbert_pairs`,
        largest first, whose `contribution`s are shares of their mode's contribution.
    """
    weights, scores = matcher.weights, match.scores
    total = weights.dense + weights.sparse + weights.colbert
    return {
        "wording": match.wording.text,
        "hybrid_score": weights.combine(scores),
        "contributions": {
            "dense": weights.dense * scores.dense / total,
            "sparse": weights.sparse * scores.sparse / total,
            "colbert": weights.colbert * scores.colbert / total,
        },
        "raw": {"dense": match.raw.dense, "sparse": match.raw.sparse, "colbert": match.raw.colbert},
        "sparse_tokens": _sparse_tokens(matcher, match, question, question_tokens, weights.sparse / total),
        "colbert_pairs": _colbert_pairs(
            matcher, match, question, question_tokens, wording_tokens, weights.colbert / total
        ),
    }


def _sparse_tokens(
    matcher: ModeRanker, match: Match, question: Encoding, question_tokens: Tokens, weight: float
) -> list[dict[str, object]]:
    pieces = dict(question_tokens)
    wording_weights = matcher.index.lexical_weights(match.row, list(question.lexical_weights))
    norms = lexical_norm(question.lexical_weights) * float(matcher.index.lexical_norms[match.row])
    shared = [
        {
            "token": pieces.get(token, str(token)),
            "question_weight": question.lexical_weights[token],
            "wording_weight": other,
            "contribution": weight * question.lexical_weights[token] * other / norms,
        }
        for token, other in wording_weights.items()
    ]
    return sorted(shared, key=lambda part: -float(str(part["contribution"])))


def _colbert_pairs(
    matcher: ModeRanker,
    match: Match,
    question: Encoding,
    question_tokens: Tokens,
    wording_tokens: Tokens,
    weight: float,
) -> list[dict[str, object]]:
    products = question.multi_vector @ matcher.index.multi_vector(match.row).T
    best = products.argmax(axis=1)
    floor, rows = matcher.scale.colbert, len(products)
    pairs = [
        {
            "question_token": question_tokens[i][1] if i < len(question_tokens) else "",
            "wording_token": wording_tokens[j][1] if j < len(wording_tokens) else "",
            "similarity": float(products[i, j]),
            "contribution": weight * (float(products[i, j]) - floor) / (1 - floor) / rows,
        }
        for i, j in enumerate(np.asarray(best))
    ]
    return sorted(pairs, key=lambda part: -float(str(part["contribution"])))[:_PAIRS_SHOWN]

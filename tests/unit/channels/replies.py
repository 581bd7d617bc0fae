"""Replies of every verdict, as the services make them."""

from __future__ import annotations

from faqbot.matching.decision.verdict import VerdictName
from faqbot.matching.search.scoring import Scores
from faqbot.services.values.replies import DecisionRecord, Reply, Suggestion


def reply(verdict: VerdictName, answer: str = "", *suggested: str) -> Reply:
    return Reply(
        verdict=verdict,
        answer=answer,
        entry_id="refund" if verdict == "answer" else None,
        question=None if verdict == "fallback" else "如何申请退款？",
        confidence=0.91,
        score=0.82,
        scores=Scores(dense=0.9, sparse=0.5, colbert=0.85),
        suggestions=tuple(Suggestion(f"entry-{n}", text, 0.5) for n, text in enumerate(suggested)),
        decision=DecisionRecord("above_answer_threshold", 0.8, 0.15, 3, "compact"),
        language="zh",
    )

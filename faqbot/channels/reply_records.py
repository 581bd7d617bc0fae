"""Our own words beside a vendor's: what the same question gets at `/api/v1/ask`."""

from __future__ import annotations

from typing_extensions import TypedDict

from faqbot.matching.decision.verdict import VerdictName
from faqbot.services.values.replies import Reply


class ReplyRecord(TypedDict):
    """What travels under `faqbot` in a vendor's reply."""

    verdict: VerdictName
    entry_id: str | None
    confidence: float
    request_id: str


def reply_record(reply: Reply | None, request_id: str) -> ReplyRecord:
    """The record of a reply; None where nothing was asked."""
    if reply is None:
        return {"verdict": "fallback", "entry_id": None, "confidence": 0.0, "request_id": request_id}
    return {
        "verdict": reply.verdict,
        "entry_id": reply.entry_id,
        "confidence": reply.confidence,
        "request_id": request_id,
    }

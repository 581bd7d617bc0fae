"""Our own signed webhook, for programs that have no door of their own here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from faqbot.channels.reading import Incoming, read
from faqbot.channels.signatures import check_signature
from faqbot.errors import BadSignature
from faqbot.services.values.replies import Reply

TIMESTAMP_HEADER = "X-Faqbot-Timestamp"
SIGNATURE_HEADER = "X-Faqbot-Signature"


class WebhookMessage(Incoming):
    """A customer's question and the sender's own id of it."""

    # Ours, so a misspelt field is told instead of being lost.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    message_id: str = Field(min_length=1, max_length=200)
    question: str
    session_id: str = Field("", max_length=128)
    language: str | None = Field(None, max_length=35)
    top: int | None = None
    filters: dict[str, str | list[str]] | None = None


@dataclass(frozen=True, slots=True)
class WebhookReply(Reply):
    """The reply to a signed message.

    Attributes:
        message_id: The sender's own.
        remembered: Whether the message came before, and got this reply then.
    """

    message_id: str = ""
    remembered: bool = False


class SignatureReport(TypedDict):
    """What a signature was checked against."""

    ok: bool
    problem: str | None
    our_time: int
    body_bytes: int
    body_sha256: str
    signed_text_starts_with: str


def read_message(body: object) -> WebhookMessage:
    """Read a body.

    Raises:
        InvalidRequest: A field is missing, unknown or has the wrong form.
    """
    return read(WebhookMessage, body)


def signature_report(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> SignatureReport:
    """What is wrong with a signature, if anything: never the right one, but what it was made of here."""
    problem = None
    try:
        check_signature(secret, timestamp, signature, body, now)
    except BadSignature as error:
        problem = str(error)
    return {
        "ok": problem is None,
        "problem": problem,
        "our_time": int(now),
        "body_bytes": len(body),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "signed_text_starts_with": f"{timestamp[:20]}.{body[:20].decode('utf-8', 'replace')}",
    }

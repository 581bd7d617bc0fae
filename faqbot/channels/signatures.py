"""Signatures over a timestamp and a body: who sent it, that nobody changed it, and that it is not an old one.

`X-...-Signature: sha256=` and the hex of HMAC-SHA256 over `<timestamp>.<body>`, with a secret that both sides know.
Chatwoot signs this way, and so does our own webhook.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from faqbot.errors import BadSignature
from faqbot.language import _

WINDOW_SECONDS = 300
"""How far a timestamp may be from our clock, either way."""

_TIMESTAMP = re.compile(r"[0-9]{1,11}")


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature that belongs to a body at a time."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def check_signature(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> None:
    """Make sure that a body was signed with the secret, and lately.

    Args:
        secret: What both sides know.
        timestamp: Unix seconds, as the header holds them.
        signature: As the header holds it.
        body: The bytes as they came, before any parsing.
        now: Unix seconds by our clock.

    Raises:
        BadSignature: The sentence says which of the two is wrong, and never what would be right.
    """
    check_timestamp(timestamp, now)
    if not hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode("utf-8", "surrogatepass")):
        raise BadSignature(
            _("The signature does not fit; sign `<timestamp>.<body>`, the very bytes that are sent, with the secret.")
        )


def check_timestamp(timestamp: str, now: float) -> None:
    """Make sure that a timestamp is one, and within the window.

    Raises:
        BadSignature: It is missing, no number of seconds, or too far from our clock.
    """
    if not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature(_("The timestamp is missing or no whole number of seconds since 1970."))
    away = int(timestamp) - now
    if abs(away) > WINDOW_SECONDS:
        side = _("behind") if away < 0 else _("ahead of")
        raise BadSignature(
            _(
                "The timestamp is {seconds:.0f} seconds {side} our clock; at most {most} are accepted.",
                seconds=abs(away),
                side=side,
                most=WINDOW_SECONDS,
            )
        )

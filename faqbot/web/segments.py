"""Whom a question may claim to come from: a stranger names no segment, unless the site has signed for it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, after_this_request

from faqbot.channels.segment_token import segments_of
from faqbot.errors import BadSignature
from faqbot.language import _
from faqbot.web.current import settings

IGNORED = "X-Faqbot-Ignored"
"""The header that names what of a request was not heeded."""

Filters = dict[str, str | list[str]]


def permitted(
    filters: Mapping[str, str | list[str]] | None, token: str | None, *, explain: bool, is_staff: bool
) -> tuple[Filters, bool]:
    """What of a question's filters, and whether of its wish for an explanation, counts.

    Args:
        filters: As they were sent.
        token: A segment token, where one was sent.
        explain: Whether an explanation is wanted.
        is_staff: Whether the key is an agent's or an admin's, who may name any segment and see why.

    Raises:
        BadSignature: The token is not the site's, has expired, or tokens are off.
    """
    heeded, ignored = dict(filters or {}), []
    if not is_staff:
        if heeded.pop("segment", None) is not None:
            ignored.append("filters.segment")
        if explain:
            ignored.append("explain")
    if token is not None:
        named = heeded.get("segment", [])
        heeded["segment"] = [*([named] if isinstance(named, str) else named), *_signed(token)]
    if ignored:
        after_this_request(lambda response: _tell(response, ", ".join(ignored)))
    return heeded, explain and is_staff


def _signed(token: str) -> tuple[str, ...]:
    secret = settings().web.segment_secret
    if secret is None:
        raise BadSignature(_("Segment tokens are off: set FAQBOT_WEB__SEGMENT_SECRET in the environment."))
    return segments_of(secret.get_secret_value(), token)


def _tell(response: Response, ignored: str) -> Response:
    response.headers[IGNORED] = ignored
    return response

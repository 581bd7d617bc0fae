"""Who may call what, in one table; what the table does not name is refused."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Literal

from flask import Flask, g, request

from faqbot.errors import FaqbotError, Forbidden, KeyExpired, Unauthorised
from faqbot.language import _
from faqbot.services.admin.keys import Role, has_expired, may
from faqbot.storage import PROGRAM, KeyRow, set_actor
from faqbot.web.current import client, services, settings

_log = logging.getLogger(__name__)

Audience = Literal["open", "signed"] | Role

# By blueprint, or by endpoint where one differs from its blueprint. `ask` needs no key while `web.ask_open` is on;
# `signed` needs none ever, because the view checks the signature of what it is sent.
AUDIENCES: dict[str, Audience] = {
    "static": "open",
    "openapi": "open",
    "pages": "open",
    "health": "open",
    "health.metrics": "agent",
    "chat": "ask",
    "rasa": "ask",
    "deep_chat": "ask",
    "azure": "ask",
    "openai": "ask",
    "openai.embeddings": "agent",
    "webhook": "signed",
    "chatwoot": "signed",
    "slack": "signed",
    "lark": "signed",
    "wecom": "signed",
    "webhook.check": "open",
    "agent": "agent",
    "questions": "agent",
    "questions.forget_questions": "admin",
    "questions.erase_questions": "admin",
    "questions.expire_questions": "admin",
    "feedback": "admin",
    "feedback.give_feedback": "ask",
    "feedback.list_feedback": "agent",
    "entries": "admin",
    "audit": "admin",
    "keys": "admin",
    "imports": "admin",
    "jobs": "admin",
    "checks": "admin",
    "tests": "admin",
    "thresholds": "admin",
    "versions": "admin",
}


def register(app: Flask) -> None:
    """Check every request before its view."""
    app.before_request(check_access)
    # A thread serves one request after the other, and goes on under its own name.
    app.teardown_request(lambda _: set_actor(PROGRAM))


def audience_of(endpoint: str) -> Audience | None:
    """Who may call an endpoint; None where nobody said."""
    return AUDIENCES.get(endpoint) or AUDIENCES.get(endpoint.rpartition(".")[0])


def check_access() -> None:
    """Refuse a request whose key does not open the route.

    Raises:
        Unauthorised: No key, or one that is not known or has expired.
        Forbidden: The key's role does not suffice, or the route names no audience.
    """
    endpoint = request.endpoint
    # Without an endpoint the router's own 404 or 405 follows; Flask itself answers OPTIONS, with nothing but headers.
    if endpoint is None or request.method == "OPTIONS":
        return
    audience = audience_of(endpoint)
    if audience is None:
        _log.error("Endpoint %s is in no line of the access table, so it is closed", endpoint)
        raise Forbidden(_("This route is closed: it names nobody who may call it."))
    # Two comparisons, not a set: the type checker then knows that what is left is a role.
    g.is_signed = audience == "signed"
    if audience == "open" or audience == "signed":  # noqa: PLR1714
        return
    if audience == "ask" and settings().web.ask_open:
        # Looked at all the same: who sends a right one asks for others. While nothing can be looked up, nobody does.
        with suppress(FaqbotError):
            known_key()
        return
    key = presented_key()
    if not key:
        raise Unauthorised(_("This needs a key: send `Authorization: Bearer KEY` or `X-API-Key: KEY`."))
    row = known_key()
    if row is None:
        if g.key_has_expired:
            raise KeyExpired(_("The key has expired: ask whoever gave it to you for a new one."))
        raise Unauthorised(_("The key is not known, or it was revoked."))
    set_actor(f"key {row.key_id}" + (f": {row.name}" if row.name else ""))
    if not may(row.role, audience):
        raise Forbidden(_("This needs a key of role `{audience}`, or one that may do more.", audience=audience))


def known_key() -> KeyRow | None:
    """The record of the key that the caller sent; None where there is none that works.

    Raises:
        FaqbotError: Nothing can be looked up yet, or any more.
    """
    if "key_row" not in g:
        key = presented_key()
        row = services().keys.find(key) if key else None
        g.key_has_expired = row is not None and has_expired(row)
        g.key_row = None if g.key_has_expired else row
        if g.key_row is not None:
            services().key_uses.note(g.key_row, client().network)
        elif key:
            services().key_uses.note_refusal(client().network)
            _log.warning("A wrong key from %s for %s %s", client().network, request.method, request.path)
    found: KeyRow | None = g.key_row
    return found


def has_key_of(needed: Role) -> bool:
    """Whether the caller sent a key that may do what this role may; for doors that are open and tell some more."""
    # Where nobody can tell, it counts as no key, as everywhere where none is needed.
    with suppress(FaqbotError):
        row = known_key()
        return row is not None and may(row.role, needed)
    return False


def presented_key() -> str:
    """The key that the caller sent, in whichever header; empty where there is none."""
    # `EndpointKey` and the subscription key are what clients of QnA Maker and Azure send; some put the word into both.
    scheme, _space, credentials = request.headers.get("Authorization", "").partition(" ")
    bearer = credentials.strip() if scheme.lower() in ("bearer", "endpointkey") else ""
    subscription = request.headers.get("Ocp-Apim-Subscription-Key", "").strip().removeprefix("EndpointKey ").strip()
    # Widgets for Rasa can often be told an address only. Nowhere else is a key taken from where logs would show it.
    token = request.args.get("token", "").strip() if request.blueprint == "rasa" else ""
    return bearer or request.headers.get("X-API-Key", "").strip() or subscription or token

"""What belongs to the request in hand: its id, the services and the settings."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from flask import current_app, g, request

from faqbot.delivery.outbox import Outbox
from faqbot.errors import FaqbotError
from faqbot.services.values.origin import Origin
from faqbot.settings import Settings
from faqbot.web.addresses import Client, client_of
from faqbot.web.services_door import Services, ServicesDoor

_NAME = "faqbot"

# One of them is enough to show that a proxy passed the request on. Only the first is ever believed, and only where
# `web.trusted_proxies` says so: proxies that write one of them pass the others on as the customer sent them.
_FORWARDED_FOR = "X-Forwarded-For"
_FORWARDING = (_FORWARDED_FOR, "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Via")


@dataclass(frozen=True, slots=True)
class Attached:
    """What `create_app` hangs on the application."""

    door: ServicesDoor
    settings: Settings
    outbox: Outbox

    def to(self, extensions: dict[str, object]) -> None:
        """Put this where `services` and `settings` find it."""
        extensions[_NAME] = self


def services() -> Services:
    """The use cases.

    Raises:
        NotReady: They are still being opened.
        FaqbotError: They could not be opened.
    """
    return _attached().door.services


def storage_problem() -> FaqbotError | None:
    """Why the database could not be used when it was last looked; costs nothing."""
    return _attached().door.storage_problem


def origin(channel: str, session_id: str | None = None) -> Origin:
    """Where the question in hand came from, for the log."""
    return Origin(channel, request_id(), session_id or "", network=customer_network())


def outbox() -> Outbox:
    """Where replies wait that are sent after the request."""
    return _attached().outbox


def settings() -> Settings:
    """The settings of this application."""
    return _attached().settings


def client() -> Client:
    """Who sent the request in hand; whatever counts, logs or keeps an address takes it from here."""
    if "client" not in g:
        hops = [hop for part in request.headers.get(_FORWARDED_FOR, "").split(",") if (hop := part.strip())]
        is_forwarded = any(name in request.headers for name in _FORWARDING)
        trusted = settings().web.trusted_proxies
        g.client = client_of(request.remote_addr or "", hops, trusted, is_forwarded=is_forwarded)
    found: Client = g.client
    return found


def customer_network() -> str:
    """The network of the customer who sent the request; empty where a program with a key, or a vendor, sent it."""
    return "" if g.get("key_row") or g.get("is_signed") else client().network


def request_id() -> str:
    """The id that the reply, its header and the log share."""
    if "request_id" not in g:
        g.request_id = uuid4().hex
    return str(g.request_id)


def _attached() -> Attached:
    attached: Attached = current_app.extensions[_NAME]
    return attached

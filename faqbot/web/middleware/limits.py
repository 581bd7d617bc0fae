"""How often customers may ask: per address, or per key where one is sent, per site, and per conversation.

A wrong key counts against the address that sent it, at every door. What a program on this machine sends itself is not
counted; what a proxy on it passes on is: without `web.trusted_proxies` all its customers share one limit.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time

import limits
from flask import Flask, current_app, request
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from faqbot.errors import FaqbotError, SettingsError, TooManyRequests
from faqbot.language import _, _n
from faqbot.services.values.origin import Origin
from faqbot.settings import LimitsSettings
from faqbot.storage import KeyRow
from faqbot.web.addresses import origin_of
from faqbot.web.current import client, settings
from faqbot.web.middleware.access import audience_of, known_key, presented_key

_log = logging.getLogger(__name__)

_NAME = "faqbot_limits"
_MOST_COUNTERS = 50_000
"""Of customers and conversations in this process, of some 700 bytes each; where there are more, all begin anew."""


class Limits:
    """The counters of one application. Safe to share among threads."""

    def __init__(self, chosen: LimitsSettings) -> None:
        """Prepare the counters.

        Raises:
            SettingsError: Requests cannot be counted where the settings say.
        """
        try:
            self._storage = storage_from_string(chosen.storage, wrap_exceptions=True)
        except ConfigurationError as error:
            raise SettingsError(_("Setting 'limits.storage' cannot be used: {error}.", error=str(error))) from None
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)
        self._limits = {
            "address": limits.parse(chosen.per_address) if chosen.per_address else None,
            "key": limits.parse(chosen.per_key) if chosen.per_key else None,
            "site": limits.parse(chosen.per_site) if chosen.per_site else None,
            "session": limits.parse(chosen.per_session) if chosen.per_session else None,
        }

    def count(self, kind: str, who: str) -> None:
        """Count one request of somebody.

        Args:
            kind: `address`, `key`, `site` or `session`.
            who: Their name; only its checksum is kept.

        Raises:
            TooManyRequests: It is one too many; the error says when to try again.
        """
        limit, name = self._limits[kind], hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()
        if limit is None:
            return
        if isinstance(self._storage, MemoryStorage) and len(self._storage.storage) > _MOST_COUNTERS:
            # Whoever has so many addresses is not held by counting them; the memory is everybody's.
            self._storage.reset()
        try:
            if self._limiter.hit(limit, kind, name):
                return
            wait = max(1, math.ceil(self._limiter.get_window_stats(limit, kind, name).reset_time - time.time()))
        except StorageError as error:
            # Customers get answers even where nobody can count them.
            _log.warning("Requests cannot be counted: %s", error.storage_error)
            return
        sentence = _n(
            "Too many requests: {limit} are accepted here. Try again in {count} second.",
            "Too many requests: {limit} are accepted here. Try again in {count} seconds.",
            wait,
            limit=limit,
        )
        raise TooManyRequests(sentence, retry_after=wait)


def register(app: Flask, chosen: LimitsSettings) -> None:
    """Count requests before it is checked whether they may pass."""
    app.extensions[_NAME] = Limits(chosen)
    app.before_request(count_request)


def count_request() -> None:
    """Count a customer's request; elsewhere only one with a wrong key, for its address.

    A program counts for its key, or else for its address. What a page sends counts for the visitor's address and for
    the site: for the key of role `ask` that the page shows, or else for the page's `Origin`. So no visitor uses up a
    site's limit, and no site uses up the service, however many visitors it has.

    A right key opens its doors whatever its neighbours have sent: nobody can lock the staff of an office out.

    Raises:
        TooManyRequests: It is one too many.
    """
    audience = audience_of(request.endpoint or "")
    if audience in (None, "open", "signed") or request.method == "OPTIONS" or client().is_local:
        return
    if audience == "ask":
        _count_asking()
    elif _has_wrong_key():
        _counters().count("address", client().network)


def _count_asking() -> None:
    row, site = _key_or_none(), request.headers.get("Origin", "")
    if row is None or (site and row.role == "ask"):
        _counters().count("address", client().network)
    if row is not None:
        _counters().count("key", presented_key())
    elif site:
        _counters().count("site", _known_site(site))


def _known_site(origin: str) -> str:
    """What a page's site counts as: itself where everybody is let in or it is named, else as one of all others."""
    web = settings().web
    named = web.allowed_origins.split()
    return origin if named == ["*"] or origin in named or origin == origin_of(web.public_url or "") else ""


def count_session(origin: Origin) -> None:
    """Count a question of a conversation that somebody on another machine holds.

    Raises:
        TooManyRequests: It is one too many.
    """
    if origin.session_id and not client().is_local:
        # With the caller's own name, so that nobody can use up the limit of another's conversation.
        kind, who = _caller()
        _counters().count("session", f"{origin.channel}\0{kind}\0{who}\0{origin.session_id}")


def session_allows(origin: Origin) -> bool:
    """Count a question of a conversation that a vendor signed for; whether it may be answered."""
    try:
        _counters().count("session", f"{origin.channel}\0{origin.session_id}")
    except TooManyRequests:
        return False
    return True


def _caller() -> tuple[str, str]:
    return ("key", presented_key()) if _key_or_none() else ("address", client().network)


def _key_or_none() -> KeyRow | None:
    try:
        return known_key()
    except FaqbotError:
        # Nothing can be looked up yet; nor can anything be asked.
        return None


def _has_wrong_key() -> bool:
    try:
        return bool(presented_key()) and known_key() is None
    except FaqbotError:
        # It may be right; the check of access says that nobody can tell.
        return False


def _counters() -> Limits:
    counters: Limits = current_app.extensions[_NAME]
    return counters

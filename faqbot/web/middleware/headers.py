"""Response headers: the request's id, what browsers are to forbid, and who may call from another site."""

from __future__ import annotations

from flask import Flask, Response, request

from faqbot.web.current import request_id, settings, storage_problem
from faqbot.web.middleware.access import audience_of
from faqbot.web.segments import IGNORED

_SECURITY = {
    # No inline script or style anywhere, so injected ones cannot run even where escaping failed.
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# Widgets live on the shop's own pages. No cookie is read anywhere, so `*` gives another site nothing that
# it could not fetch by itself; with `web.ask_open` off, only sites that are named are let in.
_CROSS_ORIGIN = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-API-Key, X-Request-ID",
    "Access-Control-Expose-Headers": f"Retry-After, {IGNORED}, X-Faqbot-Database, X-Request-ID",
    "Access-Control-Max-Age": "600",
}


def register(app: Flask) -> None:
    """Add the headers to every response."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Complete a response."""
    # What a view has set itself stays.
    present = {name.lower() for name, _ in response.headers}
    added = {**_SECURITY, "X-Request-ID": request_id()}
    if problem := storage_problem():
        # Whoever is answered from memory is to know: what is published meanwhile, they do not get.
        added["X-Faqbot-Database"] = problem.code
    response.headers.extend((name, value) for name, value in added.items() if name.lower() not in present)
    endpoint = request.endpoint or ""
    if endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if endpoint == "static":
        # The widget's modules, which pages of other sites load; nothing under /static is anybody's secret.
        response.headers["Access-Control-Allow-Origin"] = "*"
    if audience_of(endpoint) == "ask":
        _let_in_other_sites(response)
    return response


def _let_in_other_sites(response: Response) -> None:
    web = settings().web
    if web.allowed_origins == "*":
        allowed = "*" if web.ask_open else ""
    else:
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        allowed = origin if origin in web.allowed_origins.split() else ""
    if allowed:
        response.headers["Access-Control-Allow-Origin"] = allowed
        response.headers.update(_CROSS_ORIGIN)

"""Response headers: the request's id, what browsers are to forbid, and who may call from another site."""

from __future__ import annotations

from flask import Flask, Response, request

from faqbot.web.access import audience_of
from faqbot.web.current import request_id, settings

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
# it could not fetch by itself; with `web.ask_open` off, browsers of other sites are not let in at all.
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, X-Request-ID",
    "Access-Control-Expose-Headers": "X-Request-ID",
    "Access-Control-Max-Age": "600",
}


def register(app: Flask) -> None:
    """Add the headers to every response."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Complete a response."""
    response.headers["X-Request-ID"] = request_id()
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    endpoint = request.endpoint or ""
    if endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if audience_of(endpoint) == "ask" and settings().web.ask_open:
        response.headers.update(_CROSS_ORIGIN)
    return response

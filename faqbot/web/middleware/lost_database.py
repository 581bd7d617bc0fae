"""While the database cannot be used, what would change it is refused at once; who asks is answered from memory."""

from __future__ import annotations

from flask import Flask, request

from faqbot.web.current import storage_problem
from faqbot.web.middleware.access import audience_of

_READING = ("GET", "HEAD", "OPTIONS")
# What customers do that only counts where it is kept.
_OF_CUSTOMERS = "feedback.give_feedback"


def register(app: Flask) -> None:
    """Look at every request that may pass."""
    app.before_request(refuse_changes)


def refuse_changes() -> None:
    """Refuse a change before hours of work have gone into it, for nothing.

    Raises:
        DatabaseUnavailable: The database does not answer.
        DatabaseLost: It is gone, or another one.
    """
    endpoint = request.endpoint or ""
    if request.method in _READING or (audience_of(endpoint) not in ("agent", "admin") and endpoint != _OF_CUSTOMERS):
        return
    if problem := storage_problem():
        raise type(problem)(problem.message)

"""Replies about who changed what."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from faqbot.web.shapes.shape import Shape


class ChangeShape(Shape):
    """One change."""

    number: int
    at: str
    actor: str
    action: str
    subject: str
    reason: str
    before: dict[str, Any] | None = Field(description="Of an update only the fields that differ.")
    after: dict[str, Any] | None


class AuditPage(Shape):
    """Changes, the newest first."""

    changes: list[ChangeShape]
    next: int | None = Field(description="Send it as `after` for the page behind this one; null on the last.")

"""Requests about keys."""

from __future__ import annotations

from pydantic import Field

from faqbot.services.admin.keys import OVERLAP_DAYS, Role
from faqbot.web.bodies.known_fields import Body

_EXPIRES = "ISO 8601 date, on which it still works, or date-time; unset: never."


class KeyBody(Body):
    """A new key."""

    role: Role
    name: str = Field("", max_length=100, description="Whose it is, or what for.")
    expires: str | None = Field(None, max_length=40, description=_EXPIRES)


class RotationBody(Body):
    """What becomes of the old key and of the new one."""

    overlap_days: int = Field(OVERLAP_DAYS, ge=0, le=365, description="Days until the old key ends; 0: at once.")
    expires: str | None = Field(None, max_length=40, description=_EXPIRES)

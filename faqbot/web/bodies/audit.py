"""Requests about who changed what."""

from __future__ import annotations

from pydantic import Field

from faqbot.web.bodies.known_fields import Input, Number


class AuditQuery(Input):
    """Which changes to list."""

    actor: str | None = Field(None, description="Who, such as `key 3` or `cli`.")
    action: str | None = Field(None, description="`entry.update`, or `entry` for all that begins so.")
    subject: str | None = Field(None, description="Id of the entry, number of the version or key.")
    since: str | None = Field(None, description="ISO 8601 date or date-time.")
    until: str | None = Field(None, description="The same for the end; a date counts to its midnight.")
    after: Number | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class VerificationQuery(Input):
    """What the log has to lead to."""

    head: str | None = Field(None, max_length=100, description="The `head` of an earlier reply, noted elsewhere.")

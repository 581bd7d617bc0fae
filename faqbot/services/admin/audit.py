"""Who changed what and when."""

from __future__ import annotations

from datetime import UTC

from faqbot.errors import InvalidRequest
from faqbot.knowledge import moment_of
from faqbot.storage import AuditLog, AuditRecord


class AuditService:
    """Reads the audit log; the changes themselves write it."""

    def __init__(self, audit: AuditLog) -> None:
        """Bind the log."""
        self._audit = audit

    def changes(
        self,
        *,
        actor: str | None = None,
        action: str | None = None,
        subject: str | None = None,
        since: str | None = None,
        until: str | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[AuditRecord]:
        """Changes, the newest first; every filter that is given has to hold.

        Args:
            actor: Who, such as `key 3` or `cli`.
            action: What was done: `entry.update`, or `entry` for all that begins so.
            subject: Id of the entry, number of the version or key.
            since: ISO 8601 date or date-time; unset: from the first on.
            until: The same for the end; a date counts to its midnight.
            after: Continues behind a change's number.
            limit: Changes at most, 1 or more.

        Raises:
            InvalidRequest: `since` or `until` is no date.
        """
        return self._audit.changes(
            actor=actor,
            action=action,
            subject=subject,
            since=_utc("since", since, after=False),
            until=_utc("until", until, after=True),
            after=after,
            limit=limit,
        )


def _utc(name: str, text: str | None, *, after: bool) -> str | None:
    if text is None:
        return None
    try:
        return moment_of(text, after=after).astimezone(UTC).isoformat(timespec="microseconds")
    except ValueError:
        raise InvalidRequest(
            f"`{name}` is '{text[:40]}'; write a date such as 2026-05-01 or 2026-05-01T09:00."
        ) from None

"""What traffic did to the thresholds of a version, for people to read; and taking it back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from faqbot.storage.audit import PROGRAM, acting_as, log_changes
from faqbot.storage.database.database import Database
from faqbot.storage.records import AuditRecord, Change
from faqbot.storage.tables import AuditTable, PublishedTable

_ADAPT, _RESET = "traffic.adapt", "traffic.reset"


class TrafficEffects:
    """Lines of the audit log on what traffic did."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def note(self, version: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Write down that a process has moved the thresholds of a version.

        Args:
            version: Its number.
            before: Figures as they were learned.
            after: The same figures as they are now.
        """
        with acting_as(PROGRAM), self._database.writing() as session:
            log_changes(session, [Change(_ADAPT, str(version), before, after)])

    def last(self, version: int) -> AuditRecord | None:
        """What traffic did last to a version since customers have it; None where that was nothing or was taken back."""
        t = AuditTable
        chosen = (
            select(t.id, t.at, t.actor, t.action, t.subject, t.reason, t.before, t.after, t.digest)
            .where(or_(t.action.in_((_ADAPT, _RESET)), t.action.startswith("version.")), t.subject == str(version))
            .order_by(t.id.desc())
            .limit(1)
        )
        with self._database.reading() as session:
            row = session.execute(chosen).one_or_none()
        return AuditRecord(*row) if row is not None and row.action == _ADAPT else None

    def reset(self) -> None:
        """Let every process answer as the current version was learned, and watch traffic anew."""
        with self._database.writing() as session:
            version = session.scalar(select(PublishedTable.version).with_for_update())
            session.execute(update(PublishedTable).values(generation=PublishedTable.generation + 1))
            log_changes(session, [Change(_RESET, str(version or ""))])

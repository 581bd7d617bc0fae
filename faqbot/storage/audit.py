"""Who changed what and when, written in the transaction of the change: neither is there without the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from faqbot.errors import InvalidRequest
from faqbot.knowledge import Entry, moment_of, to_record
from faqbot.language import _
from faqbot.storage import chain
from faqbot.storage.codec.stated import stated
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import AuditRecord, AuditVerification, Change
from faqbot.storage.tables import AuditTable

PROGRAM = "faqbot"
"""Who makes the changes that nobody has asked for."""

# Not an argument, because a change passes through many hands that have nothing to do with who asked for it.
_ACTOR: ContextVar[str] = ContextVar("faqbot_actor", default=PROGRAM)


def set_actor(actor: str) -> None:
    """From now on, in this thread, changes are made by this person or program."""
    _ACTOR.set(actor)


def current_actor() -> str:
    """Who makes changes in this thread; hand it to `acting_as` in a thread that goes on with the work."""
    return _ACTOR.get()


@contextmanager
def acting_as(actor: str) -> Iterator[None]:
    """Changes within the block are made by this person or program."""
    token = _ACTOR.set(actor)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def log_changes(session: Session, changes: Sequence[Change], reason: str = "") -> None:
    """Write changes down in the transaction that makes them, as the last thing that it does."""
    keep = session.info["keep_changes"]
    if not changes or not keep:
        return
    common = {"at": now(), "actor": current_actor(), "reason": reason}
    rows = [
        {
            **common,
            "action": change.action,
            "subject": change.subject,
            "before": None if change.before is None else dict(change.before),
            "after": None if change.after is None else dict(change.after),
        }
        for change in changes
    ]
    chain.append(session, rows, keep)


def entry_changes(before: Sequence[Entry], after: Sequence[Entry]) -> list[Change]:
    """What became of entries: whole ones where they are new or gone, else only the fields that differ."""
    old = {entry.entry_id: entry for entry in before}
    new = {entry.entry_id: entry for entry in after}
    changes = []
    for entry_id in sorted(old.keys() | new.keys()):
        was, becomes = old.get(entry_id), new.get(entry_id)
        if was is None and becomes is not None:
            changes.append(Change("entry.create", entry_id, None, stated(becomes)))
        elif was is not None and becomes is None:
            changes.append(Change("entry.delete", entry_id, stated(was), None))
        elif was is not None and becomes is not None and was != becomes:
            changes.append(Change("entry.update", entry_id, *_difference(to_record(was), to_record(becomes))))
    return changes


class AuditLog:
    """Who changed what and when: read here, written by the changes themselves."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def record(self, change: Change, reason: str = "") -> None:
        """Write down a change that needs no transaction with anything else."""
        with self._database.writing() as session:
            log_changes(session, [change], reason)

    def head(self) -> str:
        """Number and checksum of the last line, such as `812:9f2c...`: what to note elsewhere."""
        with self._database.reading() as session:
            return chain.head(session)

    def verify(self, noted: str | None = None) -> AuditVerification:
        """Check that every line that is kept is as it was written, and follows the one before it.

        Args:
            noted: A head that was noted elsewhere; it shows whether the end was cut off, or all of it written anew.

        Raises:
            InvalidRequest: What was noted is no head.
        """
        with self._database.reading() as session:
            return chain.verify(session, noted)

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
            actor: Who, such as `key 3` or `cli`; what follows a colon is a name and may be left out.
            action: What was done, such as `entry.update`; `entry` stands for all that begins so.
            subject: Id of the entry, number of the version or key.
            since: ISO 8601 date or date-time; unset: from the first on.
            until: The same for the end; a date counts to its midnight.
            after: Only those before this number, for paging: the number of the last change of the page before.
            limit: Changes at most, 1 or more.

        Raises:
            InvalidRequest: `since` or `until` is no date.
        """
        t = AuditTable
        chosen = select(t.id, t.at, t.actor, t.action, t.subject, t.reason, t.before, t.after, t.digest)
        if actor is not None:
            chosen = chosen.where(or_(t.actor == actor, t.actor.startswith(f"{actor}: ", autoescape=True)))
        if action is not None:
            chosen = chosen.where(or_(t.action == action, t.action.startswith(f"{action}.", autoescape=True)))
        if subject is not None:
            chosen = chosen.where(t.subject == subject)
        if since is not None:
            chosen = chosen.where(t.at >= utc_of("since", since, after=False))
        if until is not None:
            chosen = chosen.where(t.at < utc_of("until", until, after=True))
        if after is not None:
            chosen = chosen.where(t.id < after)
        with self._database.reading() as session:
            return [AuditRecord(*row) for row in session.execute(chosen.order_by(t.id.desc()).limit(limit))]


def _difference(was: Mapping[str, Any], becomes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    changed = [name for name in was if was[name] != becomes[name]]
    return {name: was[name] for name in changed}, {name: becomes[name] for name in changed}


def utc_of(name: str, text: str, *, after: bool) -> str:
    """A moment as `now` writes it."""
    try:
        return moment_of(text, after=after).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        raise InvalidRequest(
            _("`{name}` is '{text}'; write a date such as 2026-05-01 or 2026-05-01T09:00.", name=name, text=text[:40])
        ) from None

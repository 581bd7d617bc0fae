"""Erasing what customers asked: for one of them, or by age."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from faqbot.errors import FaqbotError, InvalidRequest
from faqbot.language import _
from faqbot.services.values.erased import Erased, KnownBackup
from faqbot.storage import AskedQuestions, AuditLog, Secrets

_log = logging.getLogger(__name__)

_EVERY = 3600.0
"""Seconds between two looks for what has become too old."""
_PAUSE = 1.0
"""Seconds between two batches, in which customers come first."""
_MOST_BACKUPS = 100


class Erasing:
    """Erases kept questions and feedback on them for good."""

    def __init__(
        self,
        questions: AskedQuestions,
        secrets: Secrets,
        audit: AuditLog,
        keep_days: int,
        flush: Callable[[], None] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Bind what is erased.

        Args:
            questions: Which are kept.
            secrets: Holds the key of the sessions' pseudonyms.
            audit: Knows which backups were written.
            keep_days: After so many days questions and feedback go; 0: never.
            flush: Writes the questions that still wait to be kept, where this process has any.
            clock: The moment, aware of its time zone.
        """
        self._questions = questions
        self._secrets = secrets
        self._audit = audit
        self._keep_days = keep_days
        self._flush = flush
        self._clock = clock
        self._stop = threading.Event()

    def erase(self, *, matching: str = "", session: str = "", every: bool = False) -> Erased:
        """Erase questions and the feedback on them; what was given has to hold together.

        Args:
            matching: Those with this text in them, whatever its case.
            session: Those of one conversation or user, as the channel names it, or as the list of questions does.
            every: All of them.

        Raises:
            InvalidRequest: Nothing says which, or `every` beside something that does.
        """
        if every == bool(matching or session):
            raise InvalidRequest(_("Say which: `matching`, `session`, both, or `all`."))
        if self._flush:
            self._flush()
        sessions = (session, self._secrets.pseudonym("sessions", session)) if session else ()
        return Erased(self._questions.forget(matching, sessions), self._backups())

    def expire(self, days: int | None = None) -> int:
        """Erase all that is older than so many days; how many questions and opinions those were.

        Args:
            days: 1 or more; unset: the setting.

        Raises:
            InvalidRequest: Neither says after how many days.
        """
        days = days or self._keep_days
        if not days:
            raise InvalidRequest(_("Say after how many days: `days`, or the setting storage.keep_days."))
        before, gone = self._before(days), 0
        while batch := self._questions.expire(before):
            gone += batch
        return gone

    def start(self) -> None:
        """Erase what becomes too old, in a thread that ends with the process; nothing where nothing does."""
        if self._keep_days:
            threading.Thread(target=self._watch, name="erasing", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()

    def _watch(self) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            wait = _EVERY
            try:
                if self._questions.expire(self._before(self._keep_days)):
                    wait = _PAUSE
            except FaqbotError as error:
                _log.warning("What is too old could not be erased: %s", error)

    def _before(self, days: int) -> str:
        return (self._clock() - timedelta(days=days)).astimezone(UTC).isoformat(timespec="microseconds")

    def _backups(self) -> tuple[KnownBackup, ...]:
        written = self._audit.changes(action="backup.write", limit=_MOST_BACKUPS)
        newest = {change.subject: change.at for change in reversed(written)}
        return tuple(KnownBackup(file, at) for file, at in sorted(newest.items(), key=lambda one: one[1], reverse=True))

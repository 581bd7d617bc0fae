"""The log of asked questions: written in the background, so that no customer waits for it."""

from __future__ import annotations

import atexit
import logging
import queue
import threading
from dataclasses import replace

from faqbot.errors import DatabaseUnavailable, StorageError
from faqbot.services.answering.masking.masking import masked
from faqbot.services.values.origin import Origin
from faqbot.services.values.replies import Reply
from faqbot.storage import AskedQuestion, AskedQuestions, Secrets, now

_log = logging.getLogger(__name__)

_WAITING = 1000
_BATCH = 100
_SECONDS = 0.5


class QuestionLog:
    """Keeps the last questions in the database. Safe to share among threads; close it when the process ends."""

    def __init__(self, questions: AskedQuestions, secrets: Secrets, keep: int) -> None:
        """Bind where questions go; nothing is written before the first question.

        Args:
            questions: Where they are kept.
            secrets: Holds the key under which sessions get their pseudonyms.
            keep: How many of the last questions are kept; 0: none.
        """
        self._questions = questions
        self._secrets = secrets
        self._keep = keep
        self._waiting: queue.Queue[AskedQuestion] = queue.Queue(_WAITING)
        self._lost = 0
        self._closed = threading.Event()
        self._starting = threading.Lock()
        self._storing = threading.Lock()
        self._writer: threading.Thread | None = None

    def note(self, question: str, language: str, reply: Reply, origin: Origin) -> None:
        """Take note of a decided question; waits for nothing.

        Where questions come faster than the database takes them, the newest are left out and counted in a warning.

        Args:
            question: Cleaned text.
            language: BCP 47 tag.
            reply: What was decided.
            origin: Where it came from.
        """
        if not self._keep or self._closed.is_set():
            return
        best = reply.suggestions[0].entry_id if reply.suggestions else ""
        row = AskedQuestion(
            request_id=origin.request_id,
            text=masked(question),
            verdict=reply.verdict,
            entry_id=reply.entry_id or best,
            confidence=reply.confidence,
            version=reply.decision.version,
            channel=origin.channel,
            language=language,
            session=origin.session_id,
            created_at=now(),
        )
        try:
            self._waiting.put_nowait(row)
        except queue.Full:
            self._lost += 1
        self._start()

    def trim(self) -> None:
        """Forget what exceeds the bound, for example after it was lowered."""
        self._questions.add([], keep=self._keep)

    def flush(self) -> None:
        """Write what is waiting now; returns once it is written."""
        with self._storing:
            while not self._waiting.empty():
                self._store(self._batch())

    def close(self) -> None:
        """Write what is waiting and stop; later questions are not kept."""
        self._closed.set()
        if self._writer is not None:
            atexit.unregister(self.close)
            self._writer.join()

    def _start(self) -> None:
        with self._starting:
            # A process that was forked since has no writer of its own yet.
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write, name="question-log", daemon=True)
                self._writer.start()
                atexit.register(self.close)

    def _write(self) -> None:
        closing = False
        while not closing:
            closing = self._closed.wait(_SECONDS)
            self.flush()

    def _batch(self) -> list[AskedQuestion]:
        rows: list[AskedQuestion] = []
        while len(rows) < _BATCH and not self._waiting.empty():
            rows.append(self._waiting.get_nowait())
        return rows

    def _store(self, rows: list[AskedQuestion]) -> None:
        lost, self._lost = self._lost, 0
        if lost:
            _log.warning("%d questions were not kept: they came faster than they could be written.", lost)
        try:
            self._questions.add([self._pseudonymous(row) for row in rows], keep=self._keep)
        except (StorageError, ValueError) as error:
            if len(rows) == 1 or isinstance(error, DatabaseUnavailable):
                _log.warning("%d questions were not kept: %s", len(rows), error)
                return
            # One that the database refuses takes nobody else's with it.
            for row in rows:
                self._store([row])

    def _pseudonymous(self, row: AskedQuestion) -> AskedQuestion:
        """A channel's session id may be a phone number, so only a keyed hash of it is stored."""
        if not row.session:
            return row
        return replace(row, session=self._secrets.pseudonym("sessions", row.session))

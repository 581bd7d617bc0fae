"""Looking again and again whether the database is there, so that nobody who is answered has to wait for that."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic

from faqbot.errors import DatabaseUnavailable, StorageError
from faqbot.language import Text, _

_log = logging.getLogger(__name__)

_PATIENCE = 5.0


class DatabaseWatch:
    """Checks the database in a thread of its own. Safe to share among threads."""

    def __init__(self, check: Callable[[], None], place: Text | str) -> None:
        """Bind the check; nothing is looked at before `start`.

        Args:
            check: Raises `StorageError` where the database cannot be used.
            place: The database in words.
        """
        self._check = check
        self._place = place
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._found: StorageError | None = None
        self._since: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether somebody looks."""
        return self._thread is not None

    @property
    def problem(self) -> StorageError | None:
        """What was wrong when it was last looked; also that the last look has not come back for some seconds."""
        since = self._since
        if since is not None and monotonic() - since > _PATIENCE:
            return DatabaseUnavailable(_("The {place} does not answer.", place=self._place))
        return self._found

    def start(self, seconds: float) -> None:
        """Look every so many seconds, until `stop` or the end of the process."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._watch, args=(seconds,), name="database-watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; a look that is under way is not waited for."""
        self._stop.set()
        self._thread = None

    def look(self) -> StorageError | None:
        """Check now."""
        self._since = monotonic()
        try:
            self._check()
        except StorageError as error:
            if self._found is None or self._found.message != error.message:
                _log.error("%s Questions are answered from memory meanwhile.", error)
            self._found = error
        else:
            if self._found is not None:
                _log.warning("The %s can be used again.", self._place)
            self._found = None
        finally:
            self._since = None
        return self._found

    def _watch(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            self.look()

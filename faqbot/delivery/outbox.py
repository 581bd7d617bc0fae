"""A bounded queue of replies that are made and sent after the webhook was acknowledged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from faqbot.errors import FaqbotError

_log = logging.getLogger(__name__)

WORKERS = 4
MOST_WAITING = 200


class Outbox:
    """Does jobs in a few threads. Safe to share.

    When the process ends in an orderly way, what was accepted is finished first: the interpreter waits for the threads.
    """

    def __init__(self, *, workers: int = WORKERS, most_waiting: int = MOST_WAITING) -> None:
        """No thread is started before the first job.

        Args:
            workers: Jobs that are done at a time.
            most_waiting: Jobs that may wait besides.
        """
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="outbox")
        self._places = threading.BoundedSemaphore(workers + most_waiting)

    def accept(self, name: str, job: Callable[[], None]) -> bool:
        """Take a job on; False where too many are waiting.

        Args:
            name: What the log calls it, should it fail.
            job: Called once, in another thread.
        """
        if not self._places.acquire(blocking=False):
            return False
        try:
            self._pool.submit(self._do, name, job)
        except RuntimeError:
            # The process is ending.
            self._places.release()
            return False
        return True

    def close(self) -> None:
        """Finish what was accepted and take nothing more."""
        self._pool.shutdown(wait=True)

    def _do(self, name: str, job: Callable[[], None]) -> None:
        try:
            job()
        except FaqbotError as error:
            _log.warning("%s: %s", name, error)
        except Exception:
            _log.exception("%s failed", name)
        finally:
            self._places.release()

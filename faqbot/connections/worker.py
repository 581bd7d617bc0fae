"""gunicorn's worker of threads, behind a loop that reads requests whole and sends replies, each within its deadline."""

from __future__ import annotations

import errno
import logging
import resource
import selectors
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import Any, ClassVar

from gunicorn.workers.gthread import ThreadWorker

from faqbot.connections.admission import Admission
from faqbot.connections.connection import Connection
from faqbot.connections.loop import Loop
from faqbot.connections.refusals import OVERLOADED, Refusal
from faqbot.errors import SettingsError
from faqbot.language import _
from faqbot.settings import WebSettings

_log = logging.getLogger(__name__)

_AT_ONCE = 64
_SWEEP_SECONDS = 0.5
# Of the files that a process may open, these are for other things than connections.
_OTHER_FILES = 256
# Always answered, by a thread of its own.
_HEALTH = "/healthz"

Then = Callable[[Connection, bool], None]


class ConnectionWorker(ThreadWorker):  # type: ignore[misc]
    """Serves with threads that only ever see whole requests and never wait for a client.

    The loop runs in the main thread; `faqbot.connections.connection` has the deadlines. It refuses by itself what would
    wait for too long (`faqbot.connections.admission`), and anything beyond twice as many requests as there are threads.
    """

    web: ClassVar[WebSettings]
    """Set by `worker_class`."""

    @classmethod
    def check_config(cls, cfg: Any, _log: object) -> None:  # noqa: ANN401 - gunicorn has no types
        """Refuse what this worker cannot do.

        Raises:
            SettingsError: gunicorn is told to speak TLS itself.
        """
        if cfg.is_ssl:
            raise SettingsError(_("faqbot does not speak TLS itself: put a proxy in front of it (docs/deployment.md)."))

    def run(self) -> None:
        """Serve until told to stop; then finish what is in hand."""
        self._swept = 0.0
        self._admission = Admission(2 * self.cfg.threads)
        self._health = ThreadPoolExecutor(1, "health")
        most = max(1, min(self.web.connections, _open_files() - _OTHER_FILES))
        is_full = partial(self._admission.is_full, is_post=True)
        self._loop = Loop(self.cfg, self.web, self.poller, is_full, self._hand_over, self.method_queue.defer, most)
        self.poller.register(self.method_queue, selectors.EVENT_READ, partial(self.method_queue.run_callbacks, None))
        for listener in self.sockets:
            listener.setblocking(False)
            self.poller.register(listener, selectors.EVENT_READ, partial(self._accept, listener))
        while self.alive and self.is_parent_alive():
            self._turn()
        for listener in self.sockets:
            self.poller.unregister(listener)
            listener.close()
        end = monotonic() + self.cfg.graceful_timeout
        self._loop.say_farewell()
        while not self._loop.is_empty() and monotonic() < end:
            self._turn()
        self._loop.close()
        for pool in (self.tpool, self._health):
            pool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()

    def _turn(self) -> None:
        self.notify()
        for key, _events in self.poller.select(_SWEEP_SECONDS):
            key.data()
        now = monotonic()
        if now - self._swept >= _SWEEP_SECONDS:
            self._swept = now
            self._loop.close_late_ones()

    def _accept(self, listener: socket.socket) -> None:
        for _number in range(_AT_ONCE):
            try:
                raw, client = listener.accept()
            except OSError as error:
                # Out of files: whoever was waited for longest makes room.
                if error.errno in (errno.EMFILE, errno.ENFILE) and self._loop.drop_one():
                    continue
                return
            self._loop.begin(raw, client, listener.getsockname())

    def _hand_over(self, connection: Connection, request: Any) -> Refusal | None:  # noqa: ANN401 - gunicorn has no types
        if request.path == _HEALTH:
            self._health.submit(self._answer, connection, request, self._on_health)
            return None
        is_post = request.method == "POST"
        if self._admission.is_full(is_post=is_post):
            return OVERLOADED
        self._admission.enter(is_post=is_post)
        self.tpool.submit(self._answer, connection, request, partial(self._on_answered, request))
        return None

    def _answer(self, connection: Connection, request: Any, then: Then) -> None:  # noqa: ANN401 - gunicorn has no types
        # In a thread.
        is_kept = False
        try:
            is_kept = self.handle_request(request, connection)
        except (OSError, StopIteration) as error:
            _log.debug("A reply was not sent: %s", error)
        except Exception:
            _log.exception("A request failed outside the application")
        finally:
            self.method_queue.defer(then, connection, is_kept)

    def _on_answered(self, request: Any, connection: Connection, is_kept: bool) -> None:  # noqa: ANN401 - gunicorn has no types
        self._admission.leave(is_post=request.method == "POST", is_answer=getattr(request, "was_answered", False))
        self._on_health(connection, is_kept)

    def _on_health(self, connection: Connection, is_kept: bool) -> None:
        self._loop.answered(connection, is_kept=is_kept)


def note_status(_worker: object, request: Any, _environ: object, response: Any) -> None:  # noqa: ANN401 - gunicorn has no types
    """Note at a request whether it was answered and not refused; gunicorn's `post_request`."""
    request.was_answered = response is not None and (response.status_code or 500) < 400


def worker_class(web: WebSettings) -> type[ConnectionWorker]:
    """The worker for these settings: gunicorn makes it, and hands it none of ours."""
    return type("ConnectionWorker", (ConnectionWorker,), {"web": web})


def _open_files() -> int:
    """How many files this process may have open, once it has asked for as many as it may have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard

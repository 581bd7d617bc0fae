"""Who waits for replies, thread by thread: what forward passes have to know about the requests behind the texts.

A forward pass gives up the interpreter's lock and takes it again hundreds of times. Beside threads that rank and write
replies it gets it back late each time, and takes several times as long. So a pass begins when those whom the last one
served have their replies; the questions that come meanwhile share it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, eq=False, slots=True)
class Caller:
    """Somebody who waits for a reply.

    Attributes:
        has_gone: Whether nobody would read the reply any more; quick, and never raises.
    """

    has_gone: Callable[[], bool]


class Callers:
    """The callers of one process, one per thread at most. Safe to share among threads."""

    def __init__(self) -> None:
        """Nobody has called yet."""
        self._here = threading.local()
        self._changed = threading.Condition()
        self._served: set[Caller] = set()

    @property
    def current(self) -> Caller | None:
        """The caller for whom this thread works; None where nobody waits for its work."""
        return getattr(self._here, "caller", None)

    def begin(self, has_gone: Callable[[], bool]) -> None:
        """Take note that this thread works on somebody's reply from now on."""
        self.end()
        self._here.caller = Caller(has_gone)

    def end(self) -> None:
        """Take note that the reply is done."""
        caller = self.current
        if caller:
            self._here.caller = None
            self.wait_again(caller)

    def serve(self, caller: Caller) -> None:
        """Take note that the model is through with a caller's texts, so that the reply follows."""
        with self._changed:
            self._served.add(caller)

    def wait_again(self, caller: Caller) -> None:
        """Take note that a caller's thread waits for the model once more, or has ended."""
        with self._changed:
            self._served.discard(caller)
            if not self._served:
                self._changed.notify_all()

    def wait_for_replies(self, seconds: float) -> None:
        """Return when all who were served have their replies; after so many seconds the rest is waited for no more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._served, seconds)
            self._served.clear()


CALLERS = Callers()
"""There is one interpreter to share, so there is one of these."""

"""Somebody who waits for a reply, as the encoder sees him: handed down with the call from the door where he came in."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Caller:
    """One request's view of its client. Safe to share among threads.

    A forward pass gives up the interpreter's lock and takes it again hundreds of times. Beside threads that rank and
    write replies it gets it back late each time, and takes several times as long. So the encoder begins a pass when
    those whom the last one served have their replies; the questions that come meanwhile share it.
    """

    def __init__(self, has_gone: Callable[[], bool]) -> None:
        """Begin with a caller for whom nothing has been encoded.

        Args:
            has_gone: Whether nobody would read the reply any more; quick, and never raises.
        """
        self.has_gone = has_gone
        self._is_idle = threading.Event()
        self._is_idle.set()

    def begin_reply(self) -> None:
        """The encoder is through with the caller's texts, so that the reply follows."""
        self._is_idle.clear()

    def end_reply(self) -> None:
        """The reply is done, or its thread waits for the encoder once more."""
        self._is_idle.set()

    def wait_for_reply(self, seconds: float) -> None:
        """Return when the reply is done, or after so many seconds."""
        self._is_idle.wait(max(0.0, seconds))

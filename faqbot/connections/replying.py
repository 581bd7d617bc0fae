"""A reply on its way: what the network takes at once goes, and the rest waits for the loop, not in a thread."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from faqbot.connections.spool import Space, Spool

_AT_ONCE = 256 * 1024


class ReplySocket:
    """Stands in for a connection's socket where gunicorn writes a reply to it. Safe to share among threads.

    Attributes:
        sent: How many bytes of what was left over have gone since.
    """

    def __init__(self, connection: socket.socket, space: Space, on_left_over: Callable[[], None]) -> None:
        """Stand in for a socket.

        Args:
            connection: The socket, which does not block.
            space: Where replies wait that are too large for memory.
            on_left_over: Told, in the thread that writes, when the network takes no more for now.
        """
        self._socket, self._space, self._on_left_over = connection, space, on_left_over
        self._left_over: Spool | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self.sent = 0

    def sendall(self, data: bytes) -> None:
        """Send, or keep, all of it.

        Raises:
            OSError: The connection is closed, or there is no space to keep it in.
        """
        with self._lock:
            if self._is_closed:
                raise BrokenPipeError
            if self._left_over is None:
                data = data[self._send(data) :]
                if not data:
                    return
                self._left_over, self.sent = Spool(self._space), 0
                self._on_left_over()
            self._left_over.append(data)

    def flush(self) -> bool:
        """Send more of what was left over; whether all of it has gone.

        Raises:
            OSError: The connection is broken.
        """
        with self._lock:
            if self._left_over is None:
                return True
            part = self._left_over.next_part(_AT_ONCE)
            count = self._send(part)
            self._left_over.skip(count)
            self.sent += count
            if count < len(part) or self._left_over.next_part(1):
                return False
            self._left_over.close()
            self._left_over = None
            return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be sent."""
        return self._left_over is None

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Look at what came in, as at the socket itself."""
        return self._socket.recv(size, flags)

    def shutdown(self, _how: int) -> None:
        """The loop alone ends connections.

        Raises:
            OSError: Always, which gunicorn takes for a connection that needs no more care.
        """
        raise BrokenPipeError

    def close(self) -> None:
        """Take no more to send, and forget what waits."""
        with self._lock:
            self._is_closed = True
            if self._left_over:
                self._left_over.close()
                self._left_over = None

    def _send(self, data: bytes) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

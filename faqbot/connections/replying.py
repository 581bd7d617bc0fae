"""A reply on its way: what the network takes at once goes, and the rest waits for the loop, not in a thread."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable

from faqbot.connections.memory import Memory
from faqbot.connections.spool import Space, Spool

_AT_ONCE = 256 * 1024
_IN_MEMORY = 1024 * 1024
"""Bytes of one reply that wait in memory; what is behind them waits in a file."""


class ReplySocket:
    """Stands in for a connection's socket where gunicorn writes a reply to it. Safe to share among threads.

    Attributes:
        sent: How many bytes of what was left over have gone since.
    """

    def __init__(
        self, connection: socket.socket, memory: Memory, space: Space, on_left_over: Callable[[], None]
    ) -> None:
        """Stand in for a socket.

        Args:
            connection: The socket, which does not block.
            memory: Where replies wait.
            space: Where they wait that are too large for memory.
            on_left_over: Told, in the thread that writes, when the network takes no more for now.
        """
        self._socket, self._memory, self._space, self._on_left_over = connection, memory, space, on_left_over
        # What waits: parts as they were handed over, so many bytes of the first gone already, and then the file.
        self._parts, self._gone, self._in_memory = deque[bytes](), 0, 0
        self._spool: Spool | None = None
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
            if not self.is_empty:
                self._keep(data, 0)
                return
            gone = self._send(data)
            if gone == len(data):
                return
            self.sent = 0
            try:
                self._keep(data, gone)
            finally:
                self._on_left_over()

    def flush(self) -> bool:
        """Send more of what was left over; whether all of it has gone.

        Raises:
            OSError: The connection is broken.
        """
        with self._lock:
            while self._parts:
                self._gone += self._count(self._send(memoryview(self._parts[0])[self._gone :]))
                if self._gone < len(self._parts[0]):
                    return False
                self._forget_part()
            if self._spool is None:
                return True
            part = self._spool.next_part(_AT_ONCE)
            count = self._count(self._send(part))
            self._spool.skip(count)
            if count < len(part) or self._spool.next_part(1):
                return False
            self._spool.close()
            self._spool = None
            return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self._parts and self._spool is None

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
            while self._parts:
                self._forget_part()
            if self._spool:
                self._spool.close()
                self._spool = None

    def _keep(self, data: bytes, gone: int) -> None:
        if self._spool is None and self._in_memory + len(data) <= _IN_MEMORY and self._memory.hold(data):
            # Only the first can be gone in part.
            self._gone = self._gone if self._parts else gone
            self._parts.append(data)
            self._in_memory += len(data)
            return
        if self._spool is None:
            self._spool = Spool(self._space)
        self._spool.append(data[gone:])

    def _forget_part(self) -> None:
        part = self._parts.popleft()
        self._memory.let_go(part)
        self._in_memory -= len(part)
        self._gone = 0

    def _count(self, count: int) -> int:
        self.sent += count
        return count

    def _send(self, data: bytes | memoryview) -> int:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

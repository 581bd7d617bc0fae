"""One connection, as the loop sees it."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from enum import Enum
from math import inf
from time import monotonic

from faqbot.connections.reading import Phase, RequestReader
from faqbot.connections.replying import ReplySocket
from faqbot.settings import WebSettings

SLOWEST = 16 * 1024
"""Bytes per second that a body or a reply has to make on top of its first seconds."""

LINGER_SECONDS = 2.0
"""How long a client may still send what nobody reads, so that it gets to read the reply."""

_RESET = struct.pack("ii", 1, 0)


class Stage(Enum):
    """Whose turn it is."""

    READING = "the client sends a request"
    ANSWERING = "a thread makes the reply"
    SENDING = "the client reads the reply"
    LINGERING = "the reply is sent, and the client closes"


class Connection:
    """What is known of one connection. Only the loop touches it, but for `sock`.

    Attributes:
        raw: The socket itself.
        sock: Stands in for it where replies are written; the name is gunicorn's.
        client: The other end's address; the name is gunicorn's.
        server: This end's address; the name is gunicorn's.
        reader: Its requests.
        stage: Whose turn it is.
        deadline: When it is closed if nothing else happens, by the monotonic clock.
        holder: Whom it, or its request, counts for among the addresses; empty: nobody.
        is_kept: Whether another request may follow the reply in hand.
        is_open: Whether it is not closed yet.
    """

    def __init__(
        self,
        raw: socket.socket,
        sock: ReplySocket,
        client: tuple[str, int] | str,
        server: object,
        reader: RequestReader,
    ) -> None:
        """Start to wait for its first request."""
        self.raw, self.sock, self.client, self.server, self.reader = raw, sock, client, server, reader
        self.stage = Stage.READING
        self.holder = ""
        self.is_kept, self.is_open = False, True
        self.events = 0
        self.deadline = inf
        self._phase, self._since = Phase.IDLE, monotonic()

    def wait_for_request(self, web: WebSettings, *, anew: bool = False) -> None:
        """Set the deadline of what has to come next.

        Args:
            web: The settings with the seconds.
            anew: Whether the wait for a request begins here.
        """
        phase = self.reader.phase
        if anew or phase is not self._phase:
            self._phase, self._since = phase, monotonic()
        self.stage = Stage.READING
        if phase is Phase.BODY:
            self.deadline = self._since + web.client_seconds + self.reader.body_bytes() / SLOWEST
        else:
            self.deadline = self._since + (web.idle_seconds if phase is Phase.IDLE else web.client_seconds)

    def wait_for_reader(self, web: WebSettings, *, anew: bool = False) -> None:
        """Set the deadline of what is left of the reply."""
        if anew:
            self._since = monotonic()
        self.deadline = self._since + web.client_seconds + self.sock.sent / SLOWEST

    def linger(self) -> None:
        """Send no more, and wait a little until the client has read what was sent."""
        self.stage, self.deadline = Stage.LINGERING, monotonic() + LINGER_SECONDS
        with suppress(OSError):
            self.raw.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close it; what nobody has read does not stay in the system's memory either."""
        self.is_open = False
        if not self.sock.is_empty:
            with suppress(OSError):
                self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.sock.close()
        self.raw.close()

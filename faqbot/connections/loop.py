"""The loop: every connection, whose turn it is on each, and what happens when time is up."""

from __future__ import annotations

import logging
import selectors
import socket
from collections.abc import Callable
from functools import partial
from math import inf
from time import monotonic
from typing import Any

from gunicorn.config import Config

from faqbot.connections.connection import Connection, Stage
from faqbot.connections.holders import Holders
from faqbot.connections.memory import Memory
from faqbot.connections.reading import Phase, RequestReader
from faqbot.connections.refusals import OVERLOADED, TOO_MANY, TOO_SLOW, Refusal, RefusalLog, Refused
from faqbot.connections.replying import ReplySocket
from faqbot.connections.spool import Space
from faqbot.settings import WebSettings
from faqbot.web.addresses import client_of

_log = logging.getLogger(__name__)

_AT_ONCE = 64 * 1024
_UPLOADS_AT_ONCE = 16
_REPLIES_IN_MEMORY = 64 * 1024 * 1024
# A client may be sending its next request already when the server is told to stop.
_FAREWELL_SECONDS = 2.0

HandOver = Callable[[Connection, Any], Refusal | None]
Defer = Callable[..., None]


class Loop:
    """All connections of a process. Only `connection.sock` is touched by other threads."""

    def __init__(
        self,
        cfg: Config,
        web: WebSettings,
        poller: selectors.BaseSelector,
        is_full: Callable[[], bool],
        hand_over: HandOver,
        defer: Defer,
        most: int,
    ) -> None:
        """Start with no connection.

        Args:
            cfg: gunicorn's settings.
            web: Ours.
            poller: Says which connection can be read from or written to; its data are functions to call then.
            is_full: Whether a POST would be refused now for the work in hand.
            hand_over: Takes a whole request to where its reply is made, or says why not; `answered` follows.
            defer: Has a function called in the loop's own thread.
            most: How many connections are kept open.
        """
        self._cfg, self._web, self._poller, self._defer, self._most = cfg, web, poller, defer, most
        self._is_full, self._hand_over = is_full, hand_over
        self._longest_body = web.upload_megabytes * 1_000_000
        self._space = Space(_UPLOADS_AT_ONCE * self._longest_body)
        self._memory = Memory(_REPLIES_IN_MEMORY)
        self._refusals = RefusalLog()
        self._holders = Holders(web.connections_per_address)
        self._connections: set[Connection] = set()
        # In the order in which they began to keep the loop waiting.
        self._waiting: dict[Connection, None] = {}

    def begin(self, raw: socket.socket, client: tuple[str, int] | str, server: object) -> None:
        """Take a new connection; where there are too many, the one that has kept the loop waiting longest goes."""
        if len(self._connections) >= self._most and not self.drop_one():
            raw.close()
            return
        raw.setblocking(False)
        sock = ReplySocket(raw, self._memory, self._space, lambda: self._defer(self._on_left_over, connection))
        reader = RequestReader(self._cfg, client, self._longest_body, self._space)
        connection = Connection(raw, sock, client, server, reader)
        self._connections.add(connection)
        # Behind a trusted proxy its requests are counted, each for the customer who sent it.
        if self._web.trusted_proxies or self._hold(connection, []):
            self._wait(connection)
        else:
            self._say(connection, TOO_MANY)
            self._close(connection)

    def answered(self, connection: Connection, *, is_kept: bool) -> None:
        """Go on with a connection whose request was answered, though the client may not have read all of it."""
        connection.reader.close()
        if not connection.is_open:
            return
        connection.is_kept, connection.stage = is_kept, Stage.SENDING
        if connection.sock.is_empty:
            self._on_sent(connection)

    def close_late_ones(self) -> None:
        """Let go of whoever has not met the deadline."""
        now = monotonic()
        for connection in [found for found in self._connections if found.deadline < now]:
            if connection.stage is Stage.READING and connection.reader.phase is not Phase.IDLE:
                self._refuse(connection, TOO_SLOW)
            else:
                self._close(connection)

    def drop_one(self) -> bool:
        """Close the connection that has kept the loop waiting longest; whether there was one."""
        connection = next(iter(self._waiting), None)
        if connection is None:
            return False
        _log.warning("Too many connections: closed the one that was waited for longest")
        self._close(connection)
        return True

    def say_farewell(self) -> None:
        """Wait for no new request for long."""
        soon = monotonic() + _FAREWELL_SECONDS
        for connection in self._connections:
            if connection.stage is Stage.READING:
                connection.deadline = min(connection.deadline, soon)

    def is_empty(self) -> bool:
        """Whether no connection is left."""
        return not self._connections

    def close(self) -> None:
        """Close every connection, whatever its turn."""
        for connection in list(self._connections):
            self._close(connection)

    # What comes in.

    def _wait(self, connection: Connection) -> None:
        self._waiting[connection] = None
        connection.wait_for_request(self._web, anew=True)
        self._watch(connection, selectors.EVENT_READ)
        self._go_on(connection)

    def _on_readable(self, connection: Connection) -> None:
        if not connection.is_open:
            return
        try:
            data = connection.raw.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(connection)
        elif connection.stage is Stage.READING:
            connection.reader.feed(data)
            self._go_on(connection)

    def _go_on(self, connection: Connection) -> None:
        reader = connection.reader
        had_head = reader.phase is Phase.BODY
        # At once, because looking closer at ten times as many as can be answered would take the time of those that are.
        if not had_head and reader.begins_with(b"POST ") and self._is_full():
            self._refuse(connection, OVERLOADED)
            return
        try:
            request = reader.next_request()
            head = request or reader.request
            if head and not had_head and self._web.trusted_proxies and not self._hold(connection, _hops(head)):
                raise Refused(TOO_MANY)
        except Refused as refused:
            self._refuse(connection, refused.refusal)
            return
        if request:
            self._pass_on(connection, request)
            return
        connection.wait_for_request(self._web)
        if reader.take_expectation():
            connection.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hold(self, connection: Connection, hops: list[str]) -> bool:
        address = connection.client[0] if isinstance(connection.client, tuple) else ""
        client = client_of(address, hops, self._web.trusted_proxies, is_forwarded=bool(hops))
        if client.is_local:
            return True
        if not self._holders.enter(client.network):
            return False
        connection.holder = client.network
        return True

    def _pass_on(self, connection: Connection, request: Any) -> None:  # noqa: ANN401 - gunicorn has no types
        del self._waiting[connection]
        connection.stage, connection.deadline = Stage.ANSWERING, inf
        self._watch(connection, 0)
        refusal = self._hand_over(connection, request)
        if refusal:
            self._refuse(connection, refusal)

    # What goes out.

    def _on_left_over(self, connection: Connection) -> None:
        if connection.is_open and not connection.sock.is_empty:
            connection.wait_for_reader(self._web, anew=True)
            self._watch(connection, selectors.EVENT_WRITE)

    def _on_writable(self, connection: Connection) -> None:
        if not connection.is_open:
            return
        try:
            is_empty = connection.sock.flush()
        except OSError:
            self._close(connection)
            return
        if not is_empty:
            connection.wait_for_reader(self._web)
        elif connection.stage is Stage.SENDING:
            self._on_sent(connection)
        else:
            connection.deadline = inf
            self._watch(connection, 0)

    def _on_sent(self, connection: Connection) -> None:
        if self._web.trusted_proxies:
            self._let_go(connection)
        if connection.is_kept:
            self._wait(connection)
        else:
            self._linger(connection)

    # Ends.

    def _refuse(self, connection: Connection, refusal: Refusal) -> None:
        self._say(connection, refusal)
        self._linger(connection)

    def _say(self, connection: Connection, refusal: Refusal) -> None:
        self._refusals.log(refusal)
        try:
            connection.raw.send(refusal.reply())
        except OSError:
            _log.debug("Nobody reads why")

    def _linger(self, connection: Connection) -> None:
        self._waiting[connection] = None
        connection.linger()
        self._watch(connection, selectors.EVENT_READ)

    def _close(self, connection: Connection) -> None:
        is_in_hand = connection.stage is Stage.ANSWERING
        self._watch(connection, 0)
        self._waiting.pop(connection, None)
        self._connections.discard(connection)
        self._let_go(connection)
        connection.close()
        # Its thread may be reading the body still.
        if not is_in_hand:
            connection.reader.close()

    def _let_go(self, connection: Connection) -> None:
        self._holders.leave(connection.holder)
        connection.holder = ""

    def _watch(self, connection: Connection, events: int) -> None:
        if events == connection.events:
            return
        if connection.events:
            self._poller.unregister(connection.raw)
        if events:
            react = self._on_readable if events == selectors.EVENT_READ else self._on_writable
            self._poller.register(connection.raw, events, partial(react, connection))
        connection.events = events


def _hops(request: Any) -> list[str]:  # noqa: ANN401 - gunicorn has no types
    found = (value for name, value in request.headers if name == "X-FORWARDED-FOR")
    return [hop for value in found for part in value.split(",") if (hop := part.strip())]

"""Too many connections, requests and addresses: a real server, real sockets."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack

from tests.integration.connections.server import running, until_closed

WAIT = b"GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def test_health_is_answered_while_every_thread_is_busy_and_others_are_refused() -> None:
    with running(threads=2) as server, ExitStack() as stack:
        # Two threads, and as many that wait for one.
        accepted = [stack.enter_context(server.connect(WAIT)) for _ in range(4)]
        time.sleep(0.3)
        begin = time.monotonic()
        assert server.ask("/healthz").startswith(b"HTTP/1.1 200 ")
        refused = server.ask("/other")
        assert time.monotonic() - begin < 1
        head, _, body = refused.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nRetry-After: 5\r\n" in head
        told = json.loads(body)
        assert (told["error"]["code"], told["error"]["details"]) == ("overloaded", [])
        assert len(told["request_id"]) == 32
        assert all(until_closed(connection).startswith(b"HTTP/1.1 200 ") for connection in accepted)
        assert server.ask("/other").startswith(b"HTTP/1.1 200 ")


def test_the_connection_that_was_waited_for_longest_makes_room() -> None:
    with running(connections=16) as server, ExitStack() as stack:
        silent = [stack.enter_context(server.connect()) for _ in range(16)]
        assert server.ask("/other").startswith(b"HTTP/1.1 200 ")
        assert until_closed(silent[0]) == b""
        silent[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert until_closed(silent[-1]).startswith(b"HTTP/1.1 200 ")


def test_behind_a_trusted_proxy_an_address_counts_and_the_proxy_does_not() -> None:
    with running(trusted_proxies=1, connections_per_address=3) as server, ExitStack() as stack:
        forwarded = "X-Forwarded-For: {}\r\n"
        head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9\r\n"
        begun = f"{head}{forwarded.format('2001:db8:1:1::5')}\r\n".encode()
        slow = [stack.enter_context(server.connect(begun)) for _ in range(3)]
        time.sleep(0.3)
        # Of one network of 64 bits, and of another.
        assert server.ask("/", forwarded.format("2001:db8:1:1::6")).startswith(b"HTTP/1.1 429 ")
        assert server.ask("/", forwarded.format("2001:db8:1:2::6")).startswith(b"HTTP/1.1 200 ")
        assert server.ask("/").startswith(b"HTTP/1.1 200 ")
        slow[0].sendall(b"123456789")
        assert until_closed(slow[0]).startswith(b"HTTP/1.1 200 ")
        assert server.ask("/", forwarded.format("2001:db8:1:1::6")).startswith(b"HTTP/1.1 200 ")


def test_a_server_that_is_told_to_stop_finishes_what_is_in_hand() -> None:
    with running() as server, server.connect(WAIT) as connection, server.connect() as idle:
        time.sleep(0.3)
        server.process.terminate()
        assert until_closed(connection).endswith(b"/wait ")
        assert until_closed(idle) == b""
        assert server.process.wait(10) == 0

"""Slow clients have deadlines and take no thread: a real server, real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.integration.connections.served import LARGE
from tests.integration.connections.server import Running, running, trickle, until_closed

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "
BODY = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
CHUNKS = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE_REPLY = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
# A second of the settings below, half a second until the loop looks, two for the client to read why; the rest is for
# a machine that is busy.
SOON = 12.0


@pytest.fixture(scope="module")
def strict() -> Iterator[Running]:
    """It waits for a second."""
    with running(client_seconds=1, idle_seconds=1) as found:
        yield found


@pytest.fixture(scope="module")
def patient() -> Iterator[Running]:
    """It has two threads, and waits for longer than any test: a thread that waited with it would not come back."""
    with running(threads=2, client_seconds=60, idle_seconds=60) as found:
        yield found


@pytest.mark.parametrize(
    ("first", "drip"), [(HEAD, b"a"), (BODY, b" "), (CHUNKS, b"1\r\n \r\n"), (CHUNKS + b"1\r\n \r\n0\r\nX: ", b"y")]
)
def test_what_trickles_in_is_refused_when_its_time_is_up(strict: Running, first: bytes, drip: bytes) -> None:
    with strict.connect(first) as connection:
        said, seconds = trickle(connection, drip)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert 1 < seconds < SOON


@pytest.mark.parametrize("first", [b"", WHOLE])
def test_a_connection_without_a_request_is_closed(strict: Running, first: bytes) -> None:
    begin = time.monotonic()
    with strict.connect(first) as connection:
        until_closed(connection)
    assert 0.9 < time.monotonic() - begin < SOON


def test_who_does_not_read_is_let_go(strict: Running) -> None:
    with strict.connect(LARGE_REPLY, receive=4096) as connection:
        begin = time.monotonic()
        while not connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            assert time.monotonic() - begin < SOON
            time.sleep(0.05)


def test_who_reads_steadily_gets_all_of_it_however_long_it_takes(strict: Running) -> None:
    begin, received = time.monotonic(), 0
    with strict.connect(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", receive=65536) as connection:
        while part := connection.recv(1 << 16):
            received += len(part)
            # About four seconds in all.
            time.sleep(0.01)
    assert received > LARGE
    assert time.monotonic() - begin > 2


def test_a_body_that_comes_steadily_may_take_longer_than_a_second(strict: Running) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n"
    with strict.connect(head) as connection:
        for _ in range(20):
            connection.sendall(bytes(50_000))
            time.sleep(0.1)
        assert until_closed(connection).startswith(b"HTTP/1.1 200 ")


def test_who_does_not_read_takes_no_thread(patient: Running) -> None:
    with ExitStack() as stack:
        for _ in range(6):
            connection = stack.enter_context(patient.connect(LARGE_REPLY, receive=4096))
            assert connection.recv(4) == b"HTTP"
        assert patient.ask("/other").endswith(b"/other ")


@pytest.mark.parametrize("first", [b"", HEAD, BODY, CHUNKS])
def test_who_sends_slowly_takes_no_thread(patient: Running, first: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(patient.connect(first))
        assert patient.ask("/other").endswith(b"/other ")

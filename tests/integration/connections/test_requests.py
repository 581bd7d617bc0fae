"""Ordinary and malformed requests through the loop: a real server, real sockets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.connections.server import Running, running, until_closed


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(upload_megabytes=10) as found:
        yield found


def test_requests_follow_each_other_on_one_connection_even_sent_at_once(server: Running) -> None:
    one = b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    chunked = b"POST /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunked += b"1;a=b\r\na\r\n2\r\nbc\r\n0\r\nX: y\r\n\r\n"
    with server.connect(one % 1 + one % 2 + chunked) as connection:
        replies = until_closed(connection)
    assert [reply.rpartition(b"\r\n\r\n")[2] for reply in replies.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"/1 abc",
        b"/2 abc",
        b"/3 abc",
    ]


def test_a_stream_comes_as_it_is_made(server: Running) -> None:
    with server.connect(b"GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as connection:
        received = b""
        while b"one" not in received:
            received += connection.recv(65536)
        assert b"two" not in received
        assert until_closed(connection) == b"3\r\ntwo\r\n0\r\n\r\n"


def test_the_body_is_asked_for_where_the_client_waits_for_that(server: Running) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    with server.connect(head % 3) as connection:
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert until_closed(connection).endswith(b"/ abc")
    with server.connect(head % 10_000_001) as connection:
        assert until_closed(connection).startswith(b"HTTP/1.1 413 ")


def test_large_bodies_take_no_memory(server: Running) -> None:
    def peak() -> int:
        lines = Path(f"/proc/{server.worker()}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))

    before = peak()
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9000000\r\n\r\n"
    with ExitStack() as stack:
        waiting = [stack.enter_context(server.connect(head + bytes(8_999_999))) for _ in range(8)]
        # 72 MB are there, and none of them is handed over yet.
        assert peak() - before < 20_000
        waiting[0].sendall(b"\0")
        assert until_closed(waiting[0]).endswith(hashlib.sha256(bytes(9_000_000)).hexdigest().encode())


def test_a_chunked_body_without_end_is_refused(server: Running) -> None:
    with server.connect(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n") as connection:
        for _ in range(11):
            connection.sendall(b"f4240\r\n" + bytes(1_000_000) + b"\r\n")
        assert until_closed(connection).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: br\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\n\r\n", 417),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"b" * 17_000, 431),
    ],
)
def test_what_is_malformed_gets_the_one_error_body_and_no_trace(server: Running, sent: bytes, status: int) -> None:
    with server.connect(sent) as connection:
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    error = json.loads(body)["error"]
    assert error.keys() == {"code", "message", "details"}
    assert "Traceback" not in server.log.read_text()


def test_no_address_is_logged(server: Running) -> None:
    server.ask("/", "A B: c\r\n")
    log = server.log.read_text()
    assert "Refused before it was read" in log
    assert "127.0.0.1" not in log

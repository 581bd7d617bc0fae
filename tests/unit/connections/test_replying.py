"""What waits of a reply, over pairs of sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from faqbot.connections.memory import Memory
from faqbot.connections.replying import ReplySocket
from faqbot.connections.spool import Space

BODY = bytes(range(256)) * 2000


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with ours, theirs:
        yield ours, theirs


def test_a_body_that_many_wait_for_is_in_memory_once() -> None:
    memory, other = Memory(len(BODY) + 100), bytes(200)
    assert memory.hold(BODY)
    assert memory.hold(BODY)
    assert not memory.hold(other)
    memory.let_go(BODY)
    assert not memory.hold(other)
    memory.let_go(BODY)
    assert memory.hold(other)


@pytest.mark.parametrize("room", [0, len(BODY) + 100, 10_000_000])
def test_everything_comes_in_order_whether_it_waited_in_memory_or_in_a_file(
    ends: tuple[socket.socket, socket.socket], room: int
) -> None:
    ours, theirs = ends
    told: list[bool] = []
    reply = ReplySocket(ours, Memory(room), Space(10_000_000), lambda: told.append(True))
    parts = [BODY, b"", b"between", BODY[:1000], BODY * 3, b"end"]
    for part in parts:
        reply.sendall(part)
    whole, received = b"".join(parts), b""
    while len(received) < len(whole):
        received += theirs.recv(1 << 16)
        reply.flush()
    assert received == whole
    assert reply.is_empty
    assert told == [True]


def test_what_waits_is_forgotten_with_the_connection(ends: tuple[socket.socket, socket.socket]) -> None:
    memory = Memory(len(BODY) + 100)
    reply = ReplySocket(ends[0], memory, Space(0), lambda: None)
    reply.sendall(BODY)
    assert not memory.hold(bytes(200))
    reply.close()
    assert memory.hold(BODY[1:])
    with pytest.raises(BrokenPipeError):
        reply.sendall(b"more")

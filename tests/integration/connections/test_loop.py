"""The bound for one address, which this machine itself is not under: the loop over one half of pairs of sockets."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from gunicorn.config import Config

from faqbot.connections.loop import Loop
from faqbot.settings import WebSettings


@contextmanager
def looping(most_per_address: int) -> Iterator[Loop]:
    with selectors.DefaultSelector() as poller:
        web = WebSettings(connections_per_address=most_per_address)
        loop = Loop(Config(), web, poller, lambda: False, lambda *_request: None, lambda *_call: None, 100)
        yield loop
        loop.close()


def is_refused(loop: Loop, stack: ExitStack, address: str) -> bool:
    ours, theirs = socket.socketpair()
    stack.enter_context(theirs)
    loop.begin(ours, (address, 1234), ("127.0.0.1", 80))
    theirs.setblocking(False)
    try:
        return theirs.recv(1000).startswith(b"HTTP/1.1 429 ")
    except BlockingIOError:
        return False


def test_an_address_holds_so_many_connections_and_a_network_of_64_bits_counts_as_one() -> None:
    with looping(2) as loop, ExitStack() as stack:
        assert [is_refused(loop, stack, "203.0.113.1") for _ in range(3)] == [False, False, True]
        assert [is_refused(loop, stack, f"2001:db8:1:1::{n}") for n in range(3)] == [False, False, True]
        assert not is_refused(loop, stack, "203.0.113.2")
        assert not is_refused(loop, stack, "2001:db8:1:2::1")
        assert not any(is_refused(loop, stack, "127.0.0.1") for _ in range(5))


def test_a_connection_that_ended_counts_no_more() -> None:
    with looping(1) as loop, ExitStack() as stack:
        assert not is_refused(loop, stack, "203.0.113.1")
        assert is_refused(loop, stack, "203.0.113.1")
        assert loop.drop_one()
        assert not is_refused(loop, stack, "203.0.113.1")

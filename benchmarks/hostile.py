"""What others notice of slow connections and of ten times as many questions as can be answered.

Starts a server of its own on this machine, beside it 2,000 connections of each slow kind in turn, then the overload,
each for some seconds; it ends by itself. The rival is the same server while nobody else is there, or the bound that we
set ourselves. `--sizes` are numbers of slow connections.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import multiprocessing
import resource
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.report import Row, report
from benchmarks.running_server import running_server

SIZES = (2000,)

_BESIEGED_SECONDS = 8.0
_LOADED_SECONDS = 12.0
_TIMES = 10
_FEWEST = 20
_MOST_OPEN = 3000
_GIVEN_UP = 30.0
# Connections that the measuring itself may have open.
_OF_OTHERS = 2
_NUMBERS = count()

Address = tuple[str, int]

_HEAD = b"Host: shop\r\nContent-Type: application/json\r\n"
_KINDS: dict[str, tuple[bytes, bytes]] = {
    # What a connection sends at once, and then every second.
    "silent": (b"", b""),
    "headers byte by byte": (b"GET /healthz HTTP/1.1\r\nHost: shop\r\nX-A: ", b"a"),
    "body byte by byte": (b"POST /api/v1/ask HTTP/1.1\r\n" + _HEAD + b"Content-Length: 900\r\n\r\n{", b" "),
    "chunks byte by byte": (
        b"POST /api/v1/ask HTTP/1.1\r\n" + _HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        b"1\r\n \r\n",
    ),
    "never reads": (b"GET /openapi.json HTTP/1.1\r\nHost: shop\r\n\r\n" * 2, b""),
}


@dataclass
class Seen:
    """What customers and the health check saw, in milliseconds."""

    questions: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Others beside each kind of slow connections, and under overload."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with running_server() as server:
        host, _, port = server.address.removeprefix("http://").partition(":")
        address = (host, int(port))
        _watch(address, 3.0)
        quiet = _watch(address, _BESIEGED_SECONDS)
        overloaded = list(_overloaded(address))
        return [
            *(row for size in sizes for kind in _KINDS for row in _besieged(address, size, kind, quiet)),
            *overloaded,
        ]


def _besieged(address: Address, size: int, kind: str, quiet: Seen) -> Iterator[Row]:
    with _beside(_besiege, address, size, kind) as report_of:
        # The siege is laid before anything is measured.
        time.sleep(2.0)
        seen = _watch(address, _BESIEGED_SECONDS)
        closed, seconds = report_of()
    what = f"beside {size} connections, {kind}"
    yield _less(f"question {what}, p95", _percentile(seen.questions, 95), _percentile(quiet.questions, 95), "quiet")
    yield _less(f"/healthz {what}, longest", max(seen.health), 200.0, "bound")
    yield Row(f"slow connections closed, {kind}", closed, size, "all of them", f"within {seconds:.0f} s", closed / size)


def _overloaded(address: Address) -> Iterator[Row]:
    with _beside(_ask_in_turn, address, 32) as report_of:
        capacity = report_of()
    with _beside(_ask_at_rate, address, _TIMES * capacity) as report_of:
        seen = _watch(address, _LOADED_SECONDS - 2.0)
        sent, accepted, refused = report_of()
    rate = sent / _LOADED_SECONDS
    print(
        f"{capacity:.0f} answers/s at most; then {rate:.0f} questions/s: {len(accepted)} answered, {refused} refused, "
        f"{sent - len(accepted) - refused} without a reply",
        file=sys.stderr,
    )
    yield _less("overloaded, accepted questions, p99", _percentile(accepted, 99), 3000.0, "bound")
    yield _less("overloaded, /healthz, longest", max(seen.health), 200.0, "bound")


def _less(name: str, ours: float, rival: float, rival_name: str) -> Row:
    return Row(name, round(ours, 1), round(rival, 1), rival_name, "ms", round(rival / ours, 2))


def _percentile(found: Sequence[float], percent: int) -> float:
    return statistics.quantiles(found, n=100)[percent - 1]


def _watch(address: Address, seconds: float) -> Seen:
    """Ask as customers do, one question after the other, and look at `/healthz` before each."""
    seen, end = Seen(), time.monotonic() + seconds
    while time.monotonic() < end or len(seen.questions) < _FEWEST:
        seen.health.append(_timed(address, b""))
        seen.questions.append(_timed(address, _question()))
    return seen


def _question() -> bytes:
    return json.dumps({"question": f"我的{next(_NUMBERS)}号订单什么时候发货"}, ensure_ascii=False).encode()


def _timed(address: Address, body: bytes) -> float:
    begin = time.perf_counter()
    connection = http.client.HTTPConnection(*address, timeout=_GIVEN_UP)
    try:
        if body:
            connection.request("POST", "/api/v1/ask", body, {"Content-Type": "application/json"})
        else:
            connection.request("GET", "/healthz")
        reply = connection.getresponse()
        reply.read()
        if reply.status != HTTPStatus.OK:
            return 1000 * _GIVEN_UP
    except (OSError, http.client.HTTPException):
        return 1000 * _GIVEN_UP
    finally:
        connection.close()
    return 1000 * (time.perf_counter() - begin)


@contextmanager
def _beside(work: Callable[..., Any], *args: object) -> Iterator[Callable[[], Any]]:
    """Run something in a process of its own meanwhile; gives what waits for its result."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        yield pool.apply_async(work, args).get


def _besiege(address: Address, size: int, kind: str) -> tuple[int, float]:
    """Hold slow connections until the server has closed them; how many it has, and after how many seconds the last."""
    first, drip = _KINDS[kind]
    begin, held = time.monotonic(), [_slow_connection(address, first) for _number in range(size)]
    while (left := _established(address[1])) > _OF_OTHERS and time.monotonic() - begin < _GIVEN_UP:
        time.sleep(1.0)
        for connection in held if drip else ():
            with suppress(OSError):
                connection.send(drip)
    return max(0, size - max(0, left - _OF_OTHERS)), time.monotonic() - begin


def _slow_connection(address: Address, first: bytes) -> socket.socket:
    # Slowly, as slow clients come; how a flood is met is measured under overload.
    time.sleep(0.001)
    connection = socket.socket()
    # Little is read ahead for who does not read.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    with suppress(OSError):
        connection.settimeout(5.0)
        connection.connect(address)
        connection.sendall(first)
    connection.setblocking(False)
    return connection


def _established(port: int) -> int:
    """Connections to a port of this machine that its server has not closed."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "01" for line in lines)


def _ask_in_turn(address: Address, clients: int) -> float:
    """Answers per second to clients that ask again at once."""
    return asyncio.run(_in_turn(address, clients))


async def _in_turn(address: Address, clients: int) -> float:
    end, answered = time.monotonic() + 5.0, 0

    async def client() -> None:
        nonlocal answered
        while time.monotonic() < end:
            status, _milliseconds = await _ask(address)
            answered += status == 200

    await asyncio.gather(*(client() for _ in range(clients)))
    return answered / 5.0


def _ask_at_rate(address: Address, rate: float) -> tuple[int, list[float], int]:
    """Ask that often whatever comes back; how often, milliseconds of what was answered, and how many were refused."""
    return asyncio.run(_at_rate(address, rate))


async def _at_rate(address: Address, rate: float) -> tuple[int, list[float], int]:
    begin, open_now = time.monotonic(), set[asyncio.Task[tuple[int, float]]]()
    done: list[asyncio.Task[tuple[int, float]]] = []
    while (passed := time.monotonic() - begin) < _LOADED_SECONDS:
        for _ in range(min(int(rate * passed) - len(done), _MOST_OPEN - len(open_now))):
            task = asyncio.create_task(_ask(address))
            open_now.add(task)
            task.add_done_callback(open_now.discard)
            done.append(task)
        await asyncio.sleep(0.005)
    replies = await asyncio.gather(*done)
    accepted = [milliseconds for status, milliseconds in replies if status == 200]
    return len(replies), accepted, sum(status in (429, 503) for status, _ in replies)


async def _ask(address: Address) -> tuple[int, float]:
    """The status of a reply, 0 where none came, and milliseconds."""
    begin, body = time.perf_counter(), _question()
    head = b"POST /api/v1/ask HTTP/1.1\r\nConnection: close\r\n" + _HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
    status = 0
    with suppress(OSError, TimeoutError, IndexError):
        async with asyncio.timeout(_GIVEN_UP):
            reader, writer = await asyncio.open_connection(*address)
            writer.write(head + body)
            reply = await reader.read()
            writer.close()
            status = int(reply.split(b" ", 2)[1])
    return status, 1000 * (time.perf_counter() - begin)


if __name__ == "__main__":
    report("Hostile clients", rows, SIZES)

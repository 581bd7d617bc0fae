"""Starts and stops that gunicorn, and speaks to it byte by byte."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Running:
    """A server that listens.

    Attributes:
        port: On this machine.
        process: gunicorn's own; its child is the worker.
        log: The file that both log to.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def connect(self, first: bytes = b"", *, receive: int = 0) -> socket.socket:
        """A connection that has sent something, with little room for replies if so wished."""
        connection = socket.socket()
        try:
            if receive:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
            connection.settimeout(20)
            connection.connect(("127.0.0.1", self.port))
            connection.sendall(first)
        except OSError:
            connection.close()
            raise
        return connection

    def ask(self, path: str, headers: str = "") -> bytes:
        """The whole reply to a request on a connection of its own."""
        with self.connect(
            f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n".encode()
        ) as connection:
            return until_closed(connection)

    def worker(self) -> int:
        """The process that serves."""
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


@contextmanager
def running(**web: object) -> Iterator[Running]:
    """A server with these settings of the section `web`."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.NamedTemporaryFile() as log:
        command = [sys.executable, "-m", "tests.integration.connections.served", str(port), json.dumps(web)]
        server = Running(port, subprocess.Popen(command, stderr=log), Path(log.name))
        try:
            _wait_for(server)
            yield server
        finally:
            server.process.terminate()
            server.process.wait(20)


def until_closed(connection: socket.socket) -> bytes:
    """Everything that comes until the other end closes."""
    received = b""
    while part := connection.recv(1 << 16):
        received += part
    return received


def trickle(connection: socket.socket, byte: bytes, most: float = 15.0) -> tuple[bytes, float]:
    """Send a byte ten times a second until the other end closes; what it said, and after how many seconds."""
    begin, received = time.monotonic(), b""
    connection.settimeout(0.1)
    while time.monotonic() - begin < most:
        try:
            connection.send(byte)
            part = connection.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            break
        if not part:
            break
        received += part
    return received, time.monotonic() - begin


def _wait_for(server: Running) -> None:
    while server.process.poll() is None:
        try:
            server.ask("/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(server.log.read_text())

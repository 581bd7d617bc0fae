"""A server in a process of its own, for benchmarks that speak HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

_READY_IN_A_ROW = 30


class RunningServer:
    """A running server, an admin key for it, and the number of its first process."""

    def __init__(self, address: str, key: str, process_id: int) -> None:
        """Bind them."""
        self.address, self._key, self.process_id = address, key, process_id

    def ask(self, question: str) -> dict[str, Any]:
        """The reply to a question."""
        return self.call("POST", "/api/v1/ask", json.dumps({"question": question}).encode())

    def upload(self, content: bytes, *, name: str = "kb.xlsx", **fields: str) -> int:
        """Queue the import of a file; the number of its job."""
        boundary = "faqbot-benchmark"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = "".join([*parts, head]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return int(self.call("POST", "/api/v1/jobs/import", body, f"multipart/form-data; boundary={boundary}")["id"])

    def finish(self, job: int) -> None:
        """Wait for the end of a job."""
        while self.call("GET", f"/api/v1/jobs/{job}?wait=60")["state"] in ("queued", "running"):
            pass

    def call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> dict[str, Any]:
        """A request on a connection of its own; raises `HTTPError` where it fails."""
        headers = {"X-API-Key": self._key, "Content-Type": kind}
        # Our own server on this machine.
        with urlopen(Request(self.address + path, body, headers, method=method), timeout=120) as reply:  # noqa: S310
            return dict(json.loads(reply.read()))


@contextmanager
def running_server(**settings: str) -> Iterator[RunningServer]:
    """A server with the compact model, the starter knowledge base and no limits on a fresh SQLite database.

    Args:
        settings: More of the environment.
    """
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {
            **os.environ,
            "FAQBOT_STORAGE__DATABASE_URL": f"sqlite:///{folder}/faqbot.db",
            "FAQBOT_ENCODER__MODEL": "compact",
            # One address asks for all customers here.
            "FAQBOT_LIMITS__PER_ADDRESS": "",
            "FAQBOT_LIMITS__PER_KEY": "",
            **settings,
        }
        command = [sys.executable, "-m", "faqbot"]
        make = [*command, "key", "create", "--role", "admin"]
        key = subprocess.run(make, env=environment, check=True, capture_output=True, text=True).stdout.strip()
        process = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address)
            yield RunningServer(address, key, process.pid)
        finally:
            process.terminate()
            process.wait()


def _wait_until_ready(address: str) -> None:
    ready = 0
    for _ in range(1200):
        try:
            with urlopen(f"{address}/readyz", timeout=5):  # noqa: S310
                ready += 1
        except (URLError, OSError):
            ready = 0
            time.sleep(0.5)
        # Of several workers each answers for itself.
        if ready == _READY_IN_A_ROW:
            return
    raise SystemExit("The server did not become ready in ten minutes.")

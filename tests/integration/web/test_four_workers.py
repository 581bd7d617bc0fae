"""Publishing and rolling back under load, with four real workers: no request fails, and all come to the new version."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import Storage, open_storage
from tests.integration.container import container_of

ROOT = Path(__file__).resolve().parents[3]
WORKERS, CUSTOMERS, PATIENCE_SECONDS = 4, 4, 60.0
QUESTIONS = ("怎么申请退款", "多久发货", "怎么开发票", "能货到付款吗")


def edition(number: int) -> list[Entry]:
    return [Entry(f"q{place}", text, (), f"第 {number} 版") for place, text in enumerate(QUESTIONS)]


@dataclass
class Customers:
    """Threads that ask without pause, every question on a connection of its own."""

    port: int
    ended: threading.Event = field(default_factory=threading.Event)
    failures: list[str] = field(default_factory=list)
    newest: dict[str, int] = field(default_factory=dict)

    def ask(self) -> tuple[str, int]:
        """Which worker answered, and with which version; the version and the answer have to belong together."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            body = json.dumps({"question": QUESTIONS[0]})
            connection.request("POST", "/api/v1/ask", body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            told = json.loads(reply.read())
            assert reply.status == 200, told
            assert told["answer"] == f"第 {told['decision']['version']} 版", told
            return reply.headers["X-Worker"], told["decision"]["version"]
        finally:
            connection.close()

    def keep_asking(self) -> None:
        while not self.ended.is_set():
            try:
                worker, version = self.ask()
                self.newest[worker] = version
            except (AssertionError, OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))

    def wait_until(self, ready: Callable[[dict[str, int]], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not ready(dict(self.newest)):
            assert time.monotonic() < end, self.newest
            time.sleep(0.05)


@pytest.fixture
def storage(tmp_path: Path, compact_encoder: Encoder) -> Iterator[Storage]:
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/faqbot.db")) as opened:
        opened.draft.apply(put=edition(1))
        container_of(opened, compact_encoder).publishing.publish()
        yield opened


@pytest.fixture
def customers(storage: Storage, tmp_path: Path) -> Iterator[Customers]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [sys.executable, "-m", "tests.integration.web.four_workers", f"sqlite:///{tmp_path}/faqbot.db", str(port)]
    server = subprocess.Popen(program, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"})
    asking = Customers(port)
    threads = [threading.Thread(target=asking.keep_asking) for _ in range(CUSTOMERS)]
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                asking.ask()
                break
            except OSError:
                assert server.poll() is None, "gunicorn ended"
                assert time.monotonic() < end, "gunicorn did not start"
                time.sleep(0.1)
        for thread in threads:
            thread.start()
        yield asking
    finally:
        asking.ended.set()
        for thread in threads:
            if thread.is_alive():
                thread.join()
        server.terminate()
        server.wait(30)


def test_four_workers_switch_and_go_back_under_load_and_no_request_fails(
    customers: Customers, storage: Storage, compact_encoder: Encoder
) -> None:
    customers.wait_until(lambda newest: len(newest) == WORKERS)
    publishing = container_of(storage, compact_encoder).publishing
    storage.draft.apply(put=edition(2))
    publishing.publish()
    customers.wait_until(lambda newest: set(newest.values()) == {2})
    publishing.rollback()
    customers.wait_until(lambda newest: set(newest.values()) == {1})
    assert len(customers.newest) == WORKERS, "no worker died on the way"
    assert customers.failures == []

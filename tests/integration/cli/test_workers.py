"""Several worker processes behind one port: the real server, the real model, loaded once."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from faqbot.encoder import Encoder


@dataclass(frozen=True)
class _Server:
    url: str
    workers: list[int]

    def similarity(self) -> float:
        """Ask for a comparison, which needs the model and nothing published."""
        body = json.dumps({"a": "怎么申请退款", "b": "我想退钱"}).encode()
        asked = Request(f"{self.url}/api/v1/similarity", body, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(asked, timeout=30) as reply:  # noqa: S310
            found: float = json.load(reply)["raw"]["dense"]
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Server]:
    """Two workers over an empty database."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "FAQBOT_STORAGE__DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('workers')}/faqbot.db",
        "FAQBOT_STORAGE__STARTER": "false",
        "FAQBOT_ENCODER__MODEL": "compact",
        "FAQBOT_ENCODER__PRECISION": "fp32",
        "FAQBOT_WEB__WORKERS": "2",
    }
    command = [sys.executable, "-m", "faqbot", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while len(workers := [int(child) for child in children.read_text().split()]) < 2:
            assert process.poll() is None
            time.sleep(0.05)
        yield _Server(f"http://127.0.0.1:{port}", workers)
    finally:
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGCONT)
        process.terminate()
        process.wait()


def test_each_worker_answers_alike_and_as_one_process_does(server: _Server, compact_encoder: Encoder) -> None:
    first, second = compact_encoder.encode(["怎么申请退款", "我想退钱"])
    expected = float(first.dense @ second.dense)
    assert len(server.workers) == 2
    for halted in server.workers:
        # What the other one does not answer, nobody does.
        os.kill(halted, signal.SIGSTOP)
        while True:
            # It is opening its services still.
            with suppress(URLError):
                found = server.similarity()
                break
            time.sleep(0.05)
        os.kill(halted, signal.SIGCONT)
        assert found == pytest.approx(expected, abs=1e-5)


def test_workers_hold_most_of_their_memory_together(server: _Server) -> None:
    # fp32 matrices alone take 85 MB; a worker of its own has four times as much to itself as it shares.
    assert len(server.workers) == 2
    for worker in server.workers:
        lines = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
        kilobytes = {line.partition(":")[0]: int(line.split()[1]) for line in lines[1:]}
        assert kilobytes["Shared_Dirty"] > kilobytes["Private_Dirty"]

"""Serving questions, against the usual way (`benchmarks.usual_way`) under the same gunicorn settings, loaded by wrk.

Both servers run at the same time on this machine and are loaded in turn. The model is `encoder.model`, unless set
otherwise the compact one; sizes are numbers of clients. Needs `wrk` (Debian and Ubuntu: `apt-get install wrk`).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import Request, urlopen

from benchmarks.checkpoints import Model, model_of
from benchmarks.report import Row, report

SIZES = (1, 32)

_HERE = Path(__file__).resolve().parent
_ENTRIES = _HERE.parent / "knowledge_base" / "starter.jsonl"
_THREADS = 32
_RIVAL = "Flask with FlagEmbedding encode()"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    Attributes:
        port: On this machine.
        process: Its parent process.
        started: Seconds from its start to the first reply that it is ready.
    """

    port: int
    process: subprocess.Popen[bytes]
    started: float

    def load(self, clients: int, *, few: bool) -> dict[str, float]:
        """Ask until every client has about two answers; gives answers per second and milliseconds."""
        environment = {**os.environ, **({"FEW": "1"} if few else {})}
        url = f"http://127.0.0.1:{self.port}/api/v1/ask"
        seconds = round(max(5.0, 2.5 * clients * self._seconds_of_one(url)))
        script = str(_HERE / "questions.lua")
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", f"{seconds}s", "-s", script, url]
        output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        found: dict[str, float] = json.loads(output.rpartition("FOUND ")[2])
        if found["failed"] or not found["p50"]:
            raise SystemExit(f"{found['failed']} requests to {url} failed, {found['per_second']:g} per second did not.")
        return found

    def _seconds_of_one(self, url: str) -> float:
        body = json.dumps({"question": f"我的{time.time()}号订单什么时候发货"}).encode()
        asked = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310  # Our own address.
        begin = time.perf_counter()
        with urlopen(asked, timeout=60):  # noqa: S310
            return time.perf_counter() - begin

    def megabytes(self) -> float:
        """Memory of all its processes; what they share counts once."""
        tree = [self.process.pid]
        for pid in tree:
            tree += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        rollups = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in tree)
        lines = (line for rollup in rollups for line in rollup.splitlines() if line.startswith("Pss:"))
        return round(sum(int(line.split()[1]) for line in lines) / 1024)


def rows(sizes: tuple[int, ...] | list[int] = SIZES) -> list[Row]:
    """Throughput and latency per number of clients, then memory and the time to start."""
    if not shutil.which("wrk"):
        raise SystemExit("benchmarks.serve needs wrk: install it, for example with `apt-get install wrk`.")
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()))
        model = stack.enter_context(model_of(os.environ.get("FAQBOT_ENCODER__MODEL", "compact")))
        theirs = stack.enter_context(_usual_way(model))
        # The first start publishes; the second one is measured.
        with _ours(model, place):
            pass
        ours = stack.enter_context(_ours(model, place))
        found = [row for clients in sizes for row in _compare(ours, theirs, clients, few=False)]
        found += _compare(ours, theirs, max(sizes), few=True)
        memory = ours.megabytes(), theirs.megabytes()
        started = round(ours.started, 2), round(theirs.started, 2)
        return [*found, _less("memory after all that", *memory, "MB"), _less("start until ready", *started, "s")]


def _compare(ours: Server, theirs: Server, clients: int, *, few: bool) -> Iterator[Row]:
    if few:
        # Repeated is what was asked before.
        ours.load(clients, few=True)
    mine, other = (server.load(clients, few=few) for server in (ours, theirs))
    what = f"{'repeated' if few else 'different'} questions, {clients} clients"
    ratio = round(mine["per_second"] / other["per_second"], 2)
    yield Row(what, mine["per_second"], other["per_second"], _RIVAL, "answers/s", ratio)
    for name in ("p50", "p95", "p99"):
        yield _less(f"{what}, {name}", mine[name], other[name], "ms")
    # How much longer than usual the unlucky wait.
    tails = (round(found["p99"] / found["p50"], 2) for found in (mine, other))
    yield _less(f"{what}, p99 / p50", *tails, "times")


def _less(name: str, ours: float, rival: float, unit: str) -> Row:
    return Row(name, ours, rival, _RIVAL, unit, round(rival / ours, 2))


@contextmanager
def _ours(model: Model, place: Path) -> Iterator[Server]:
    environment = {
        "FAQBOT_ENCODER__MODEL": model.setting,
        "FAQBOT_STORAGE__DATABASE_URL": f"sqlite:///{place}/faqbot.db",
        "FAQBOT_WEB__THREADS": str(_THREADS),
    }
    port = _free_port()
    with _running([sys.executable, "-m", "faqbot", "serve", "--port", str(port)], environment, port) as server:
        yield server


@contextmanager
def _usual_way(model: Model) -> Iterator[Server]:
    environment = {
        "CHECKPOINT": str(model.folder),
        "POOLING": model.pooling,
        "INSTRUCTION": model.instruction,
        "ENTRIES": str(_ENTRIES),
    }
    port = _free_port()
    options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", str(_THREADS)]
    program = [sys.executable, "-m", "gunicorn", *options, "--timeout", "600", "benchmarks.usual_way:app"]
    with _running(program, environment, port) as server:
        yield server


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int) -> Iterator[Server]:
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _is_ready(port):
            if process.poll() is not None or time.perf_counter() - begin > 600:
                raise SystemExit(f"`{' '.join(command)}` did not become ready.")
            time.sleep(0.02)
        yield Server(port, process, time.perf_counter() - begin)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:  # Our own address.
            return bool(reply.status == 200)
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    report("Serving", rows, SIZES)

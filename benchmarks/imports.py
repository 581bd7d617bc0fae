"""A spreadsheet of N rows through the running server: preview, import with encoding, and customers asking meanwhile.

    python -m benchmarks.imports --sizes 10000

The server is a process of its own with the compact model; one customer asks a new question every 50 ms.
"""

from __future__ import annotations

import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, cycle, product
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import xlsxwriter

from benchmarks.report import Row, report

_THINGS = "手机、耳机、衬衫、鞋子、台灯、书包、水杯、键盘、雨伞、手表、相机、沙发、自行车、充电器、面膜、牛奶"
_TROUBLES = "坏了怎么修、多久能送到、可以换颜色吗、尺寸不合适、收到少了一件、想退掉、能开发票吗、保修多长时间、还有货吗"
_PAUSE_SECONDS = 0.05
_QUIET_QUESTIONS = 100
_PREVIEW_AIM, _RATE_AIM = 15.0, 150.0


def rows(sizes: Sequence[int]) -> list[Row]:
    """Three figures per size."""
    found = []
    for size in sizes:
        with _server() as server:
            found += _measure(server, size)
    return found


def _measure(server: _Server, size: int) -> list[Row]:
    questions = (f"{thing}{trouble} {number}" for number in count() for thing, trouble in _pairs())
    for _ in range(10):
        server.ask(next(questions))
    quiet = _percentile([_asked(server, next(questions)) for _ in range(_QUIET_QUESTIONS)])
    workbook = _workbook(size)
    began = time.perf_counter()
    server.finish(server.upload(workbook, dry_run="true"))
    preview = time.perf_counter() - began
    job, busy = server.upload(workbook), []
    while (status := server.call("GET", f"/api/v1/jobs/{job}"))["state"] in ("queued", "running"):
        busy += [_asked(server, next(questions)) for _ in range(10)]
    if status["state"] != "done":
        raise SystemExit(f"The import ended as {status['state']}: {status['error']}")
    slow = _percentile(busy)
    rate = status["rate"]
    shown = f"{size:,} rows"
    aim = "the aim"
    return [
        Row(f"preview, {shown}", round(preview, 2), _PREVIEW_AIM, aim, "s", round(_PREVIEW_AIM / preview, 2)),
        Row(f"wordings encoded, {shown}", rate, _RATE_AIM, aim, "1/s", round(rate / _RATE_AIM, 2)),
        Row(f"p95 of a question, {shown}", round(slow, 1), round(quiet, 1), "no import", "ms", round(quiet / slow, 2)),
    ]


def _asked(server: _Server, question: str) -> float:
    """Milliseconds of one question, after a pause."""
    time.sleep(_PAUSE_SECONDS)
    began = time.perf_counter()
    server.ask(question)
    return (time.perf_counter() - began) * 1000


def _percentile(milliseconds: Sequence[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]


def _pairs() -> list[tuple[str, str]]:
    return list(product(_THINGS.split("、"), _TROUBLES.split("、")))


def _workbook(size: int) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet("faq")
        sheet.write_row(0, 0, ["id", "question", "answer", "category"])
        for number, (thing, trouble) in zip(range(size), cycle(_pairs()), strict=False):
            question = f"我买的第{number}号{thing}{trouble}？"
            sheet.write_row(number + 1, 0, [f"q{number}", question, f"{question}请看订单页第 {number} 条说明。", thing])
    return packed.getvalue()


class _Server:
    """A running server and an admin key for it."""

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key

    def ask(self, question: str) -> None:
        self.call("POST", "/api/v1/ask", json.dumps({"question": question}).encode())

    def upload(self, workbook: bytes, **fields: str) -> int:
        """Queue the workbook; the job's number."""
        boundary = "faqbot-benchmark"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="kb.xlsx"\r\n\r\n'
        body = "".join([*parts, head]).encode() + workbook + f"\r\n--{boundary}--\r\n".encode()
        return int(self.call("POST", "/api/v1/jobs/import", body, f"multipart/form-data; boundary={boundary}")["id"])

    def finish(self, job: int) -> None:
        """Wait for the end of a job."""
        while self.call("GET", f"/api/v1/jobs/{job}?wait=60")["state"] in ("queued", "running"):
            pass

    def call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> dict[str, Any]:
        headers = {"X-API-Key": self._key, "Content-Type": kind}
        # Our own server on this machine.
        with urlopen(Request(self._address + path, body, headers, method=method), timeout=120) as reply:  # noqa: S310
            return dict(json.loads(reply.read()))


@contextmanager
def _server() -> Iterator[_Server]:
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
        }
        command = [sys.executable, "-m", "faqbot.cli"]
        make = [*command, "key", "create", "--role", "admin"]
        key = subprocess.run(make, env=environment, check=True, capture_output=True, text=True).stdout.strip()
        process = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address)
            yield _Server(address, key)
        finally:
            process.terminate()
            process.wait()


def _wait_until_ready(address: str) -> None:
    for _ in range(600):
        try:
            with urlopen(f"{address}/readyz", timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("The server did not become ready in five minutes.")


if __name__ == "__main__":
    report("Importing while customers ask", rows, sizes=(1000,))

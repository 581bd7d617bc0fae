"""A spreadsheet of N rows through the running server: preview, import with encoding, and customers asking meanwhile.

    python -m benchmarks.imports --sizes 10000

The server is a process of its own with the compact model; one customer asks a new question every 50 ms.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Sequence
from itertools import count, cycle, product

import xlsxwriter

from benchmarks.report import Row, report
from benchmarks.running_server import RunningServer, running_server

_THINGS = "手机、耳机、衬衫、鞋子、台灯、书包、水杯、键盘、雨伞、手表、相机、沙发、自行车、充电器、面膜、牛奶"
_TROUBLES = "坏了怎么修、多久能送到、可以换颜色吗、尺寸不合适、收到少了一件、想退掉、能开发票吗、保修多长时间、还有货吗"
_PAUSE_SECONDS = 0.05
_QUIET_QUESTIONS = 100
_PREVIEW_AIM, _RATE_AIM = 15.0, 150.0


def rows(sizes: Sequence[int]) -> list[Row]:
    """Three figures per size."""
    found = []
    for size in sizes:
        with running_server() as server:
            found += _measure(server, size)
    return found


def _measure(server: RunningServer, size: int) -> list[Row]:
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


def _asked(server: RunningServer, question: str) -> float:
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


if __name__ == "__main__":
    report("Importing while customers ask", rows, sizes=(1000,))

"""Publishing and rolling back under four worker processes, while customers ask: how long an old answer is still given.

    python -m benchmarks.switch --sizes 200 2000

Eight customers ask without pause, each question on a new connection, so that every worker is met. A size is the number
of entries. The benchmark ends with an error where a single request fails.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks.report import Row, report
from benchmarks.running_server import RunningServer, running_server

_WORKERS, _CUSTOMERS = 4, 8
_AIM = 1.0
_WATCHED_SECONDS = 4.0
_JSON = "application/json"


@dataclass
class _Heard:
    """When each reply's request was sent, and of which version it was."""

    replies: list[tuple[float, int]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def seconds_of_old(self, since: float, version: int) -> float:
        """How long after a moment a question was still answered by another version."""
        return max((sent - since for sent, of in self.replies if of != version and sent > since), default=0.0)


def rows(sizes: Sequence[int]) -> list[Row]:
    """Two figures per size."""
    with running_server(FAQBOT_WEB__WORKERS=str(_WORKERS)) as server:
        return [row for size in sizes for row in _measure(server, size)]


def _measure(server: RunningServer, size: int) -> Iterator[Row]:
    lines = (json.dumps({"id": f"q{n}", "question": f"第 {n} 号商品在哪里？", "answer": f"{n}"}) for n in range(size))
    server.finish(server.upload("\n".join(lines).encode(), name="kb.jsonl", replace="true", publish="true"))
    time.sleep(_WATCHED_SECONDS)
    for what, path in (("publish", "/api/v1/versions"), ("rollback", "/api/v1/versions/rollback")):
        with _customers(server, size) as heard:
            version = int(server.call("POST", path, b"{}", _JSON)["number"])
            [change] = server.call("GET", "/api/v1/audit?action=version&limit=1")["changes"]
            time.sleep(_WATCHED_SECONDS)
        if heard.failures:
            raise SystemExit(f"{len(heard.failures)} requests failed: {heard.failures[0]}")
        since = datetime.fromisoformat(change["at"]).timestamp()
        seconds = max(heard.seconds_of_old(since, version), 0.01)
        name = f"{what}, {size:,} entries, {len(heard.replies):,} questions, none failed"
        yield Row(name, round(seconds, 2), _AIM, "the aim", "s", round(_AIM / seconds, 2))


@contextmanager
def _customers(server: RunningServer, size: int) -> Iterator[_Heard]:
    heard, ended = _Heard(), threading.Event()

    def ask(customer: int) -> None:
        number = customer
        while not ended.is_set():
            sent, number = time.time(), (number + 37) % size
            try:
                reply = server.ask(f"第 {number} 号商品在哪里？")
                heard.replies.append((sent, reply["decision"]["version"]))
            except OSError as error:
                heard.failures.append(str(error))

    threads = [threading.Thread(target=ask, args=(customer,)) for customer in range(_CUSTOMERS)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        yield heard
    finally:
        ended.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    report("Switching versions under four workers", rows, sizes=(200,))

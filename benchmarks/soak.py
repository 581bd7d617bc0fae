"""A day of strangers in an hour: does the memory of a server stay flat, whatever is asked and published?

    python -m benchmarks.soak --sizes 200000

A size is a number of questions, from eight customers at a time. Of ten questions four were asked before, three are new
and short, two are new and of some sentences, one is new and as long as a question may be; every one comes from another
address and belongs to another conversation. Sixteen times an entry is edited and a version published. What is told is
the median of the resident memory of all processes in each quarter; the benchmark ends with an error where the last is
more than 3 % above the third. Needs /proc, so Linux.
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.report import Row, report
from benchmarks.running_server import RunningServer, running_server

_CUSTOMERS, _PUBLICATIONS, _ASKED_BEFORE = 8, 16, 500
_LONGEST = 1000
_MOST_GROWTH = 1.03
_LETTERS = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多"
_PAGE_BYTES = 4096
_SECONDS = 0.5


class _Crowd:
    """Asks so many questions, and looks at the memory meanwhile."""

    def __init__(self, server: RunningServer, questions: int) -> None:
        self._server, self._questions = server, questions
        self._numbers = count()
        self._asked = 0
        self.failures: list[str] = []
        self.samples: list[tuple[int, float]] = []

    def run(self) -> None:
        """Ask them all; returns when the last is answered."""
        customers = [threading.Thread(target=self._customer, args=(seed,)) for seed in range(_CUSTOMERS)]
        for thread in (*customers, threading.Thread(target=self._publish, daemon=True)):
            thread.start()
        while any(customer.is_alive() for customer in customers):
            self.samples.append((self._asked, resident_megabytes(self._server.process_id)))
            time.sleep(_SECONDS)

    def _publish(self) -> None:
        for number in range(1, _PUBLICATIONS + 1):
            while self._asked < number * self._questions // (_PUBLICATIONS + 1):
                time.sleep(_SECONDS)
            _publish(self._server, number)

    def _customer(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - nothing secret
        connection = http.client.HTTPConnection(urlsplit(self._server.address).netloc, timeout=120)
        while (number := next(self._numbers)) < self._questions:
            body = {"question": _question(chance, number), "session_id": f"soak-{number}"}
            address = ".".join(str(part) for part in (10, number >> 16 & 255, number >> 8 & 255, number & 255))
            headers = {"Content-Type": "application/json", "X-Forwarded-For": address}
            connection.request("POST", "/api/v1/ask", json.dumps(body), headers)
            reply = connection.getresponse()
            content = reply.read()
            if reply.status != 200:
                self.failures.append(f"{reply.status} {content[:200]!r}")
            self._asked = max(self._asked, number + 1)


def rows(sizes: Sequence[int]) -> list[Row]:
    """Three figures per size: each quarter's memory beside that of the one before."""
    found = []
    for size in sizes:
        with running_server(FAQBOT_WEB__TRUSTED_PROXIES="1", FAQBOT_LIMITS__PER_ADDRESS="30/minute") as server:
            crowd = _Crowd(server, size)
            crowd.run()
        if crowd.failures:
            raise SystemExit(f"{len(crowd.failures)} requests failed: {crowd.failures[0]}")
        quarters = by_quarter(crowd.samples, size)
        for number in (1, 2, 3):
            before, now = quarters[number - 1], quarters[number]
            name = f"quarter {number + 1} of {size:,} questions"
            found.append(Row(name, now, before, "the quarter before", "MB", round(before / now, 3)))
        if quarters[3] > _MOST_GROWTH * quarters[2]:
            raise SystemExit(f"Memory grows: {quarters} MB by quarter.")
    return found


def by_quarter(samples: Sequence[tuple[int, float]], questions: int) -> list[float]:
    """The median of the memory in each quarter, in megabytes, from (questions asked, megabytes)."""
    of = [[megabytes for asked, megabytes in samples if min(4 * asked // questions, 3) == part] for part in range(4)]
    return [round(statistics.median(part), 1) for part in of]


def resident_megabytes(process: int) -> float:
    """What a process and all that it has started hold in memory."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        own = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES / 1e6
    except OSError:
        return 0.0
    return own + sum(resident_megabytes(int(child)) for child in children)


def _question(chance: random.Random, number: int) -> str:
    kind = chance.random()
    if kind < 0.4:
        return _words(random.Random(chance.randrange(_ASKED_BEFORE)), 12)  # noqa: S311
    if kind < 0.7:
        return f"{_words(chance, 12)}{number}"
    return _words(chance, 120 if kind < 0.9 else _LONGEST)


def _words(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_LETTERS, k=length))


def _publish(server: RunningServer, number: int) -> None:
    entry = {"id": "soak", "question": f"第 {number} 次发布什么时候开始？", "answer": f"第 {number} 次发布已经开始。"}
    server.finish(server.upload(json.dumps(entry).encode(), name="kb.jsonl", publish="true"))


if __name__ == "__main__":
    report("Memory in the long run", rows, [200_000])

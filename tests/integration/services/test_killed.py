"""kill -9 at many moments of import, encoding and publishing: customers notice nothing, and the next run completes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from faqbot.encoder import Encoder
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.draft.importing import Importer, ImportTerms
from faqbot.services.jobs.jobs import JobService
from faqbot.services.jobs.worker import MAX_ATTEMPTS
from faqbot.settings import MatchingSettings
from faqbot.storage import Storage
from tests.integration.container import container_of
from tests.integration.services.killed_worker import LEASE_SECONDS, OWNERS

ROOT = Path(__file__).resolve().parents[3]
PLACES = [f"{when} {name}" for name in OWNERS for when in ("before", "after")]
RANDOM_KILLS = 10
QUESTIONS = ("怎么申请退款", "多久发货", "怎么开发票", "能货到付款吗", "How do I return it", "Where is my parcel")


class Victim:
    """The process that is killed, again and again."""

    def __init__(self, database_url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.services.killed_worker", database_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert self.says() == "ready"

    def says(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def begin(self, place: str = "") -> int:
        assert self._process.stdin
        self._process.stdin.write(f"{place}\n")
        self._process.stdin.flush()
        return int(self.says())

    def end(self) -> int:
        return int(self.says())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def victim(storage: Storage, tmp_path: Path) -> Iterator[Victim]:
    started = Victim(f"sqlite:///{tmp_path}/faqbot.db")
    yield started
    started.close()


def rows(edition: int) -> bytes:
    """A file whose every answer names its edition, with wordings that no earlier edition has."""
    lines = [f"q{number},{text},{text}吗 {edition},第 {edition} 版" for number, text in enumerate(QUESTIONS)]
    return "\n".join(["id,question,similar,answer", *lines]).encode()


@dataclass
class Siege:
    """One knowledge base, edition after edition, and the process that works on it and is killed."""

    storage: Storage
    published: PublishedKnowledge
    answering: AnswerService
    victim: Victim
    edition: int = 0

    def submit(self) -> int:
        self.edition += 1
        return (
            JobService(self.storage.jobs)
            .submit_import("kb.csv", rows(self.edition), terms=ImportTerms(publish=True))
            .job_id
        )

    def check(self, *editions: int) -> None:
        """Customers get one of these editions as a whole, and the draft holds one as a whole."""
        self.published.refresh()
        answers = {entry.answer for entry in self.published.snapshot.entries.values()}
        assert len(self.published.snapshot.entries) == len(QUESTIONS)
        assert len(answers) == 1
        assert answers <= {f"第 {edition} 版" for edition in editions}
        assert self.answering.ask(QUESTIONS[0]).answer in answers
        assert len({entry.answer for entry in self.storage.draft.entries()}) == 1

    def attack(self, moment: str | float) -> bool:
        """Kill an attempt; whether it was still at work then."""
        child = self.victim.begin(moment if isinstance(moment, str) else "")
        began = time.monotonic()
        self.check(self.edition - 1, self.edition)
        if not isinstance(moment, str):
            time.sleep(max(0.0, moment - (time.monotonic() - began)))
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        code = self.victim.end()
        assert code in (0, -signal.SIGKILL)
        self.check(self.edition - 1, self.edition)
        return code != 0

    def complete(self, job_id: int) -> float:
        """Let an attempt come to its end; seconds that it took."""
        time.sleep(LEASE_SECONDS)
        began = time.monotonic()
        self.victim.begin()
        assert self.victim.end() == 0
        job = JobService(self.storage.jobs).get(job_id)
        assert (job.state, job.error) == ("done", None)
        assert job.report is not None
        assert (job.report.applied, job.report.count("changed")) == (True, len(QUESTIONS))
        self.check(self.edition)
        assert len(self.storage.versions.all()) == self.edition + 1, "published once, however often it was begun"
        return time.monotonic() - began


def test_a_process_killed_at_any_moment_leaves_the_old_version_answering_and_the_next_completes(
    storage: Storage, published: PublishedKnowledge, compact_encoder: Encoder, victim: Victim
) -> None:
    Importer(storage.draft).import_upload("kb.csv", rows(0))
    container_of(storage, compact_encoder).publishing.publish()
    published.refresh()
    answering = AnswerService(compact_encoder, published, MatchingSettings())
    siege = Siege(storage, published, answering, victim)
    undisturbed = siege.complete(siege.submit())
    chance = random.Random(7)  # noqa: S311
    moments: list[str | float] = [*PLACES, *(undisturbed * chance.random() for _ in range(RANDOM_KILLS))]
    chance.shuffle(moments)
    job_id = 0
    while moments:
        job_id = job_id or siege.submit()
        time.sleep(LEASE_SECONDS)
        moment = moments.pop()
        if not siege.attack(moment):
            # It was over before: a fresh job, and sooner.
            moments.append(moment if isinstance(moment, str) else moment * 0.7)
        job = storage.jobs.get(job_id)
        if job.state == "running" and (job.attempts == MAX_ATTEMPTS - 1 or not moments):
            siege.complete(job_id)
        if storage.jobs.get(job_id).state == "done":
            job_id = 0

from __future__ import annotations

import threading
import time

import pytest

from faqbot.errors import JobNotFound
from faqbot.storage import Storage


def test_a_job_is_claimed_once_and_in_order(storage: Storage) -> None:
    first, second = storage.jobs.add("publish", {"note": "a"}), storage.jobs.add("publish", {"note": "b"})
    claimed = [storage.jobs.claim(f"worker {number}", 60) for number in range(3)]
    assert [job and (job.job_id, job.parameters) for job in claimed] == [
        (first, {"note": "a"}),
        (second, {"note": "b"}),
        None,
    ]


def test_of_many_workers_no_two_get_the_same_job(storage: Storage) -> None:
    expected = [storage.jobs.add("publish", {}) for _ in range(20)]
    got: list[int] = []

    def work(name: str) -> None:
        while job := storage.jobs.claim(name, 60):
            got.append(job.job_id)

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == expected


def test_a_job_whose_worker_fell_silent_is_claimed_again_and_lost_to_the_first(storage: Storage) -> None:
    job_id = storage.jobs.add("import", {}, upload=b"file")
    assert storage.jobs.claim("first", 0.01)
    time.sleep(0.02)
    again = storage.jobs.claim("second", 60)
    assert again is not None
    assert (again.job_id, again.attempts) == (job_id, 2)
    assert storage.jobs.extend(job_id, "first", 60, stage="writing") is None
    assert storage.jobs.finish(job_id, "first", "done") is None
    assert storage.jobs.get(job_id).state == "running"
    assert storage.jobs.upload(job_id) == b"file"


def test_a_lease_that_is_extended_is_not_taken(storage: Storage) -> None:
    job_id = storage.jobs.add("publish", {})
    assert storage.jobs.claim("first", 0.05)
    assert storage.jobs.extend(job_id, "first", 60)
    time.sleep(0.06)
    assert storage.jobs.claim("second", 60) is None


def test_progress_belongs_to_its_stage(storage: Storage) -> None:
    job_id = storage.jobs.add("import", {})
    storage.jobs.claim("me", 60)
    storage.jobs.extend(job_id, "me", 60, stage="encoding", done=0, total=10, report=b"rows")
    began = storage.jobs.get(job_id).stage_started_at
    job = storage.jobs.extend(job_id, "me", 60, done=4)
    assert job is not None
    assert (job.stage, job.done, job.total, job.stage_started_at) == ("encoding", 4, 10, began)
    assert storage.jobs.report(job_id) == b"rows"


def test_a_waiting_job_is_cancelled_at_once_a_running_one_is_asked_to_end(storage: Storage) -> None:
    waiting, running = storage.jobs.add("publish", {}), storage.jobs.add("publish", {})
    assert storage.jobs.cancel(waiting).state == "cancelled"
    assert storage.jobs.claim("me", 60)
    cancelled = storage.jobs.cancel(running)
    assert (cancelled.state, cancelled.cancel_requested) == ("running", True)
    finished = storage.jobs.finish(running, "me", "done", result={"version": 3})
    assert finished is not None
    assert storage.jobs.cancel(running) == finished


def test_a_finished_job_keeps_its_outcome_and_drops_its_upload(storage: Storage) -> None:
    job_id = storage.jobs.add("import", {}, upload=b"file")
    storage.jobs.claim("me", 60)
    job = storage.jobs.finish(job_id, "me", "failed", error={"code": "rows_refused", "message": "No.", "details": []})
    assert job is not None
    assert job.error == {"code": "rows_refused", "message": "No.", "details": []}
    assert job.finished_at is not None
    assert storage.jobs.upload(job_id) == b""
    assert storage.jobs.claim("me", 60) is None


def test_a_job_that_is_handed_back_is_the_next(storage: Storage) -> None:
    job_id = storage.jobs.add("import", {}, upload=b"file")
    storage.jobs.claim("me", 60)
    storage.jobs.finish(job_id, "me", "queued")
    again = storage.jobs.claim("other", 60)
    assert again is not None
    assert (again.job_id, again.attempts) == (job_id, 2)
    assert storage.jobs.upload(job_id) == b"file"


def test_the_oldest_finished_jobs_are_forgotten_and_their_numbers_with_them(storage: Storage) -> None:
    for _ in range(3):
        job_id = storage.jobs.add("publish", {}, keep=2)
        storage.jobs.claim("me", 60)
        storage.jobs.finish(job_id, "me", "done")
    last = storage.jobs.add("publish", {}, keep=2)
    assert [job.job_id for job in storage.jobs.last()] == [last, 3, 2]
    with pytest.raises(JobNotFound, match="no job 1"):
        storage.jobs.get(1)

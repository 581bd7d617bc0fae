from __future__ import annotations

import threading
import time

import pytest

from faqbot.errors import JobNotFound
from faqbot.storage import Repository


def test_a_job_is_claimed_once_and_in_order(repository: Repository) -> None:
    first, second = repository.add_job("publish", {"note": "a"}), repository.add_job("publish", {"note": "b"})
    claimed = [repository.claim_job(f"worker {number}", 60) for number in range(3)]
    assert [job and (job.job_id, job.parameters) for job in claimed] == [
        (first, {"note": "a"}),
        (second, {"note": "b"}),
        None,
    ]


def test_of_many_workers_no_two_get_the_same_job(repository: Repository) -> None:
    expected = [repository.add_job("publish", {}) for _ in range(20)]
    got: list[int] = []

    def work(name: str) -> None:
        while job := repository.claim_job(name, 60):
            got.append(job.job_id)

    threads = [threading.Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == expected


def test_a_job_whose_worker_fell_silent_is_claimed_again_and_lost_to_the_first(repository: Repository) -> None:
    job_id = repository.add_job("import", {}, upload=b"file")
    assert repository.claim_job("first", 0.01)
    time.sleep(0.02)
    again = repository.claim_job("second", 60)
    assert again is not None
    assert (again.job_id, again.attempts) == (job_id, 2)
    assert repository.extend_job(job_id, "first", 60, stage="writing") is None
    assert repository.finish_job(job_id, "first", "done") is None
    assert repository.get_job(job_id).state == "running"
    assert repository.job_upload(job_id) == b"file"


def test_a_lease_that_is_extended_is_not_taken(repository: Repository) -> None:
    job_id = repository.add_job("publish", {})
    assert repository.claim_job("first", 0.05)
    assert repository.extend_job(job_id, "first", 60)
    time.sleep(0.06)
    assert repository.claim_job("second", 60) is None


def test_progress_belongs_to_its_stage(repository: Repository) -> None:
    job_id = repository.add_job("import", {})
    repository.claim_job("me", 60)
    repository.extend_job(job_id, "me", 60, stage="encoding", done=0, total=10, report=b"rows")
    began = repository.get_job(job_id).stage_started_at
    job = repository.extend_job(job_id, "me", 60, done=4)
    assert job is not None
    assert (job.stage, job.done, job.total, job.stage_started_at) == ("encoding", 4, 10, began)
    assert repository.job_report(job_id) == b"rows"


def test_a_waiting_job_is_cancelled_at_once_a_running_one_is_asked_to_end(repository: Repository) -> None:
    waiting, running = repository.add_job("publish", {}), repository.add_job("publish", {})
    assert repository.cancel_job(waiting).state == "cancelled"
    assert repository.claim_job("me", 60)
    cancelled = repository.cancel_job(running)
    assert (cancelled.state, cancelled.cancel_requested) == ("running", True)
    finished = repository.finish_job(running, "me", "done", result={"version": 3})
    assert finished is not None
    assert repository.cancel_job(running) == finished


def test_a_finished_job_keeps_its_outcome_and_drops_its_upload(repository: Repository) -> None:
    job_id = repository.add_job("import", {}, upload=b"file")
    repository.claim_job("me", 60)
    job = repository.finish_job(job_id, "me", "failed", error={"code": "rows_refused", "message": "No.", "details": []})
    assert job is not None
    assert job.error == {"code": "rows_refused", "message": "No.", "details": []}
    assert job.finished_at is not None
    assert repository.job_upload(job_id) == b""
    assert repository.claim_job("me", 60) is None


def test_a_job_that_is_handed_back_is_the_next(repository: Repository) -> None:
    job_id = repository.add_job("import", {}, upload=b"file")
    repository.claim_job("me", 60)
    repository.finish_job(job_id, "me", "queued")
    again = repository.claim_job("other", 60)
    assert again is not None
    assert (again.job_id, again.attempts) == (job_id, 2)
    assert repository.job_upload(job_id) == b"file"


def test_the_oldest_finished_jobs_are_forgotten_and_their_numbers_with_them(repository: Repository) -> None:
    for _ in range(3):
        job_id = repository.add_job("publish", {}, keep=2)
        repository.claim_job("me", 60)
        repository.finish_job(job_id, "me", "done")
    last = repository.add_job("publish", {}, keep=2)
    assert [job.job_id for job in repository.list_jobs()] == [last, 3, 2]
    with pytest.raises(JobNotFound, match="no job 1"):
        repository.get_job(1)

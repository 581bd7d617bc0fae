"""Imports and publications in the background, on the real model."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import pytest

from faqbot.bootstrap import Container
from faqbot.encoder import Encoder
from faqbot.errors import EncodingFailed, JobInterrupted, JobNotFound, UnsupportedFileType
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.checks.findings import Override
from faqbot.services.draft.importing import Importer, ImportTerms
from faqbot.services.jobs.jobs import JobService, JobStatus
from faqbot.services.jobs.worker import MAX_ATTEMPTS, JobWorker
from faqbot.services.publishing.publishing import PublishingService
from faqbot.settings import JobSettings
from faqbot.storage import JobClaim, Jobs, QuestionTest, Storage, acting_as
from tests.integration.container import container_of

GOOD = "id,question,similar,answer\nrefund,如何申请退款？,我想退钱,在订单页。\nship,多久发货？,,两天。\n".encode()
BAD = b"question,answer\nHow?,So.\nhow,Otherwise.\n,Nothing.\n"


@pytest.fixture
def jobs(storage: Storage) -> JobService:
    return JobService(storage.jobs)


@pytest.fixture
def worker(container: Container) -> JobWorker:
    return container.make_worker()


def after(jobs: JobService, worker: JobWorker, status: JobStatus) -> JobStatus:
    """The job once the worker has done it."""
    assert worker.run_one()
    return jobs.get(status.job_id)


def test_an_import_is_judged_written_and_encoded(
    jobs: JobService, worker: JobWorker, storage: Storage, compact_encoder: Encoder
) -> None:
    queued = jobs.submit_import("folder/kb.csv", GOOD)
    assert (queued.state, queued.report, queued.rate) == ("queued", None, None)
    status = after(jobs, worker, queued)
    assert (status.state, status.stage, status.done, status.total) == ("done", "encoding", 3, 3)
    assert status.rate is not None
    assert status.rate > 0
    assert status.report is not None
    assert (status.report.file, status.report.applied, status.report.count("new")) == ("kb.csv", True, 2)
    assert storage.draft.count() == 2
    assert storage.vectors.counts() == {compact_encoder.info.fingerprint: 3}
    assert storage.versions.all() == []


def test_an_import_that_publishes_is_answered_from(
    container: Container, published: PublishedKnowledge, jobs: JobService
) -> None:
    told: list[str] = []

    def refresh() -> None:
        told.extend(job.state for job in jobs.last())
        published.refresh()

    worker = container.make_worker(refresh)
    status = after(jobs, worker, jobs.submit_import("kb.csv", GOOD, terms=ImportTerms(publish=True)))
    assert (status.state, status.version) == ("done", 1)
    assert published.snapshot.version == 1
    assert told == ["running"], "whoever hears that it is done is answered from it"


def test_refused_rows_fail_the_job_and_leave_the_draft(jobs: JobService, worker: JobWorker, storage: Storage) -> None:
    status = after(jobs, worker, jobs.submit_import("kb.csv", BAD))
    assert status.state == "failed"
    assert status.error is not None
    assert status.error.code == "rows_refused"
    assert [row["line"] for row in status.error.details] == [3, 4]
    assert status.report is not None
    assert [row.verdict for row in status.report.rows] == ["new", "conflict", "invalid"]
    assert storage.draft.count() == 0


def test_a_preview_reports_refused_rows_without_failing(jobs: JobService, worker: JobWorker, storage: Storage) -> None:
    status = after(jobs, worker, jobs.submit_import("kb.csv", BAD, dry_run=True))
    assert (status.state, status.error) == ("done", None)
    assert status.report is not None
    assert (status.report.applied, status.report.count("conflict")) == (False, 1)
    assert storage.draft.count() == 0


def test_a_file_that_cannot_be_read_fails_with_its_reason(jobs: JobService, worker: JobWorker) -> None:
    status = after(jobs, worker, jobs.submit_import("kb.xlsx", b"PK\x03\x04 not a zip"))
    assert status.error is not None
    assert status.error.code == "unreadable_file"
    with pytest.raises(UnsupportedFileType):
        jobs.submit_import("kb.pdf", b"%PDF")


def test_a_publication_in_the_background_is_a_version(jobs: JobService, worker: JobWorker, storage: Storage) -> None:
    Importer(storage.draft).import_upload("kb.csv", GOOD)
    status = after(jobs, worker, jobs.submit_publish(note="spring"))
    assert status.version == 1
    assert storage.versions.all()[0].note == "spring"
    storage.draft.apply(delete=["refund", "ship"])
    assert after(jobs, worker, jobs.submit_publish()).error.code == "publish_refused"


def test_a_worker_that_dies_right_after_storing_the_version_does_not_publish_twice(
    jobs: JobService, worker: JobWorker, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    Importer(storage.draft).import_upload("kb.csv", GOOD)
    status = jobs.submit_publish(note="spring")
    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "finish", lambda *_, **__: None)
        worker.run_one()
    # Its lease has run out, and another worker takes the job over.
    monkeypatch.setattr("faqbot.storage.work.jobs.now", lambda: "2999-01-01T00:00:00.000000+00:00")
    status = after(jobs, worker, status)
    assert (status.state, status.attempts, status.version) == ("done", 2, 1)
    assert [row.number for row in storage.versions.all()] == [1]


def test_a_worker_that_has_lost_its_job_publishes_nothing(
    jobs: JobService, storage: Storage, publishing: PublishingService
) -> None:
    Importer(storage.draft).import_upload("kb.csv", GOOD)
    jobs.submit_publish()
    claimed = storage.jobs.claim("slow", 0)
    assert claimed is not None
    assert storage.jobs.claim("quick", 30) is not None
    with pytest.raises(JobInterrupted, match="taken job 1 over"):
        publishing.publish(job=JobClaim(claimed.job_id, "slow"))
    assert storage.versions.all() == []


def test_learning_and_checking_tell_how_far_they_are(
    jobs: JobService, worker: JobWorker, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[object, object, object]] = []
    extend = Jobs.extend

    def listen(self: Jobs, *arguments: object, **progress: object) -> object:
        told.append((progress.get("stage"), progress.get("done"), progress.get("total")))
        return extend(self, *arguments, **progress)  # type: ignore[arg-type]

    monkeypatch.setattr(Jobs, "extend", listen)
    storage.tests.put([QuestionTest("我想退钱", "refund")])
    after(jobs, worker, jobs.submit_import("kb.csv", GOOD, terms=ImportTerms(publish=True)))
    stages = [stage for stage, _, _ in told if stage]
    assert stages == ["reading", "writing", "encoding", "publishing", "learning", "checking"]
    learning = told.index(next(step for step in told if step[0] == "learning"))
    checking = told.index(next(step for step in told if step[0] == "checking"))
    assert any(done == total and total for _, done, total in told[learning:checking])
    assert told[-1][1:] == (1, 1)


def test_a_check_is_overridden_in_the_background_and_the_reason_is_kept(
    jobs: JobService, worker: JobWorker, storage: Storage, publishing: PublishingService
) -> None:
    Importer(storage.draft).import_upload("kb.csv", "question,answer\n如何退款？,请联系{{name}}。\n".encode())
    refused = after(jobs, worker, jobs.submit_publish())
    assert refused.error.code == "publish_refused"
    override = {"code": "placeholder", "note": "网关会填写"}
    done = after(jobs, worker, jobs.submit_publish(overrides=[override]))
    assert done.version == 1
    assert publishing.version_checks(1).overrides == (Override(**override),)


def test_a_cancelled_import_stops_before_it_writes(
    jobs: JobService, worker: JobWorker, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Importer.import_upload

    def cancel_meanwhile(service: Importer, *arguments: object, **options: object) -> object:
        jobs.cancel(status.job_id)
        return take(service, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Importer, "import_upload", cancel_meanwhile)
    status = jobs.submit_import("kb.csv", GOOD)
    assert after(jobs, worker, status).state == "cancelled"
    assert storage.draft.count() == 0


class DyingEncoder:
    """The real encoder in a process that is killed at the first forward pass, so many times."""

    def __init__(self, encoder: Encoder, times: int, how: Callable[[], BaseException]) -> None:
        self._encoder, self._times, self._how = encoder, times, how
        self.info = encoder.info

    def encode(self, texts: list[str], progress: object = None, caller: object = None) -> object:
        if self._times:
            self._times -= 1
            raise self._how()
        return self._encoder.encode(texts)


def _worker(storage: Storage, encoder: object, lease_seconds: float = 30) -> JobWorker:
    container = container_of(storage, encoder, jobs=JobSettings.model_construct(lease_seconds=lease_seconds))  # type: ignore[arg-type]
    return container.make_worker()


def test_a_stopped_process_hands_its_job_to_the_next_and_the_report_stays(
    storage: Storage, jobs: JobService, compact_encoder: Encoder
) -> None:
    status = jobs.submit_import("kb.csv", GOOD, terms=ImportTerms(publish=True))
    with pytest.raises(SystemExit):
        _worker(storage, DyingEncoder(compact_encoder, 1, SystemExit)).run_one()
    halfway = jobs.get(status.job_id)
    assert (halfway.state, halfway.attempts) == ("queued", 1)
    status = after(jobs, _worker(storage, compact_encoder), status)
    assert (status.state, status.attempts, status.version) == ("done", 2, 1)
    # The second attempt found every row written already; the report says what the first one did.
    assert status.report is not None
    assert (status.report.count("new"), status.report.applied) == (2, True)


def test_a_job_that_keeps_killing_its_worker_is_given_up(
    storage: Storage, jobs: JobService, compact_encoder: Encoder
) -> None:
    status = jobs.submit_import("kb.csv", GOOD)
    worker = _worker(storage, DyingEncoder(compact_encoder, 99, SystemExit))
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            worker.run_one()
    given_up = after(jobs, worker, status)
    assert given_up.state == "failed"
    assert given_up.error.code == "job_interrupted"
    assert not worker.run_one()


def test_a_failure_that_nobody_foresaw_is_logged_and_told_without_its_text(
    storage: Storage, jobs: JobService, compact_encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    status = jobs.submit_import("kb.csv", GOOD)
    broken = _worker(storage, DyingEncoder(compact_encoder, 1, lambda: RuntimeError("password is hunter2")))
    with caplog.at_level(logging.ERROR):
        failed = after(jobs, broken, status)
    assert failed.error.code == "internal_error"
    assert "hunter2" not in str(failed.error)
    assert "hunter2" in caplog.text
    failing = _worker(storage, DyingEncoder(compact_encoder, 1, lambda: EncodingFailed("The model failed.")))
    assert after(jobs, failing, jobs.submit_import("kb.csv", GOOD)).error.code == "encoding_failed"


def test_a_long_step_keeps_its_lease_by_the_heartbeat(
    storage: Storage, jobs: JobService, compact_encoder: Encoder
) -> None:
    class SlowEncoder(DyingEncoder):
        def encode(self, texts: list[str], progress: object = None, caller: object = None) -> object:
            time.sleep(0.5)
            return super().encode(texts)

    status = jobs.submit_import("kb.csv", GOOD)
    slow = _worker(storage, SlowEncoder(compact_encoder, 0, SystemExit), lease_seconds=0.3)
    thread = threading.Thread(target=slow.run_one)
    thread.start()
    time.sleep(0.45)
    assert storage.jobs.claim("another", 30) is None
    thread.join()
    assert jobs.get(status.job_id).state == "done"


def test_a_thread_takes_jobs_as_they_come_until_it_is_stopped(storage: Storage, worker: JobWorker) -> None:
    jobs = JobService(storage.jobs, wake=worker.wake)
    thread = threading.Thread(target=worker.run, args=(60,))
    thread.start()
    status = jobs.submit_import("kb.csv", GOOD, dry_run=True)
    assert jobs.wait(status.job_id, 30).state == "done"
    worker.stop()
    thread.join(30)
    assert not thread.is_alive()
    with pytest.raises(JobNotFound):
        jobs.wait(99, 0)


def test_a_job_is_done_in_the_name_of_whoever_queued_it(jobs: JobService, worker: JobWorker, storage: Storage) -> None:
    with acting_as("key 7: Li Na"):
        queued = jobs.submit_import("kb.csv", GOOD, terms=ImportTerms(publish=True))
    assert after(jobs, worker, queued).state == "done"
    changes = storage.audit.changes()
    assert [(change.actor, change.action) for change in changes] == [
        ("key 7: Li Na", "version.publish"),
        ("key 7: Li Na", "entry.create"),
        ("key 7: Li Na", "entry.create"),
    ]

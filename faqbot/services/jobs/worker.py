"""Does background jobs, one at a time: in a thread of the server, or in a process of its own.

A job may be killed at any moment. Nothing is lost then: its lease runs out, the next worker claims it and starts it
again, and every step is such that doing it twice does no harm.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

from faqbot.contract import from_json
from faqbot.errors import DatabaseUnavailable, FaqbotError, JobInterrupted
from faqbot.language import _
from faqbot.services.answering.learning import StageProgress
from faqbot.services.checks.findings import Override
from faqbot.services.draft.import_reports import refusal
from faqbot.services.draft.importing import Importer, ImportTerms
from faqbot.services.jobs.run import JobRun, Stopped
from faqbot.services.publishing.learner import Learner
from faqbot.services.publishing.publishing import PublishingService
from faqbot.services.values.imports import ImportReport
from faqbot.storage import PROGRAM, Jobs, acting_as

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
"""A job whose workers have died so often is given up: most likely it is what kills them."""

POLL_SECONDS = 1.0
"""Looking for a job takes the database's write lock for a moment."""

# Of the rows of a refused file; the report has them all.
_SHOWN_ROWS = 100


class JobWorker:
    """Claims jobs and does them."""

    def __init__(
        self,
        jobs: Jobs,
        importer: Importer,
        learner: Learner,
        publishing: PublishingService,
        *,
        lease_seconds: float = 30.0,
        published: Callable[[], None] | None = None,
    ) -> None:
        """Bind the use cases that jobs run.

        Args:
            jobs: Where jobs are kept.
            importer: Imports.
            learner: Encodes what was imported.
            publishing: Publishes.
            lease_seconds: After how many silent seconds another worker may take a job over.
            published: Called after a publication, so that this process answers from it at once.
        """
        self._jobs = jobs
        self._importer = importer
        self._learner = learner
        self._publishing = publishing
        self._lease_seconds = lease_seconds
        self._published = published
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._woken = threading.Event()
        self._stopped = threading.Event()

    def wake(self) -> None:
        """Look for jobs now instead of at the next poll."""
        self._woken.set()

    def stop(self) -> None:
        """End `run` after the job in hand."""
        self._stopped.set()
        self._woken.set()

    def start(self) -> None:
        """`run` in a thread that ends with the process."""
        threading.Thread(target=self.run, name="jobs", daemon=True).start()

    def run(self, poll_seconds: float = POLL_SECONDS) -> None:
        """Do jobs as they come, until `stop`; look every so many seconds for those that other processes queued."""
        while not self._stopped.is_set():
            try:
                worked = self.run_one()
            except FaqbotError as error:
                _log.warning("Jobs cannot be looked for: %s", error)
                worked = False
            if not worked:
                self._woken.wait(poll_seconds)
                self._woken.clear()

    def run_one(self) -> bool:
        """Do the next job; False where there is none.

        Raises:
            DatabaseUnavailable: The database does not answer; the job's lease will run out.
        """
        job = self._jobs.claim(self._owner, self._lease_seconds)
        if job is None:
            return False
        with JobRun(self._jobs, job, self._owner, self._lease_seconds) as run:
            try:
                self._do(run)
            except Stopped:
                run.finish("cancelled")
            except DatabaseUnavailable:
                raise
            except FaqbotError as error:
                run.finish("failed", error=_error(error.code, str(error), error.details))
            except Exception:
                _log.exception("Job %s failed", job.job_id)
                message = _("Something went wrong here; the log has it under job {job_id}.", job_id=job.job_id)
                run.finish("failed", error=_error("internal_error", message, []))
            except BaseException:
                # The process is being stopped: whoever comes next need not wait for the lease.
                run.finish("queued")
                raise
        return True

    def _do(self, run: JobRun) -> None:
        if run.job.attempts > MAX_ATTEMPTS:
            raise JobInterrupted(
                _(
                    "The job was interrupted {count} times and was given up; start it again.",
                    count=MAX_ATTEMPTS,
                )
            )
        if run.job.result:
            # Its worker died after it had stored the version, which is the last thing that a job does.
            run.finish("done", result=run.job.result)
            return
        arguments = {name: value for name, value in run.job.parameters.items() if name != "actor"}
        with acting_as(run.job.parameters.get("actor", PROGRAM)):
            if run.job.kind == "import":
                self._import(run)
            elif run.job.kind == "learn":
                self._learn(run, int(arguments["version"]))
            else:
                self._publish(run, arguments)

    def _import(self, run: JobRun) -> None:
        asked = run.job.parameters
        # 0.1.0 knew nothing but whether to publish.
        terms = from_json(ImportTerms, asked.get("terms", {"publish": asked.get("publish", False)}))
        before = run.saved_report()
        run.stage("reading")

        def judged(report: ImportReport) -> None:
            # Saved before anything is written: an attempt after a crash finds only rows that are there already.
            if before is None or report.changes:
                run.save_report(report)
            if not asked["dry_run"] and (terms.skip_invalid or not report.refused):
                run.stage("writing", len(report.rows))

        report = self._importer.import_upload(
            asked["file"], run.upload(), dry_run=asked["dry_run"], replace=asked["replace"], terms=terms, judged=judged
        )
        if report.applied and before is not None and not report.changes:
            report = replace(before, applied=True)
        run.save_report(report)
        if report.refused and not report.applied and not asked["dry_run"]:
            raise refusal(report, _SHOWN_ROWS)
        if not report.applied:
            run.finish("done", result={})
            return
        run.stage("encoding")
        self._learner.encode(run.progress)
        if terms.publish:
            self._publish(run, {"note": asked["file"]})
        else:
            run.finish("done", result={})

    def _learn(self, run: JobRun, version: int) -> None:
        self._publishing.learn_again(version, _telling(run))
        try:
            if self._published:
                self._published()
        finally:
            run.finish("done", result={"version": version})

    def _publish(self, run: JobRun, arguments: dict[str, Any]) -> None:
        run.stage("publishing")
        version = self._publishing.publish(
            str(arguments.get("note", "")),
            _telling(run),
            [Override(**one) for one in arguments.get("overrides", [])],
            job=run.claim,
        )
        try:
            # Before it is said to be done: whoever hears that and asks gets this version.
            if self._published:
                self._published()
        finally:
            run.finish("done", result={"version": version.number})


def _telling(run: JobRun) -> StageProgress:
    """Tells the job's row how far it is."""

    def told(stage: str, done: int, total: int) -> None:
        if run.job.stage != stage:
            run.stage(stage, total)
        run.progress(done, total)

    return told


def _error(code: str, message: str, details: list[object]) -> dict[str, object]:
    return {"code": code, "message": message, "details": details}

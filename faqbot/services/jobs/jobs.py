"""Background jobs as callers see them: queue one, see how far it is, end it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from faqbot.contract import ROUNDED, from_json, named, to_json
from faqbot.formats import format_of
from faqbot.services.draft.import_reports import unpack_report
from faqbot.services.draft.importing import ImportTerms
from faqbot.services.values.imports import ImportReport, ImportSummary, RowPage, RowVerdictName
from faqbot.storage import JobRow, Jobs, JobState, current_actor

_POLL_SECONDS = 0.1
_TERMS = ImportTerms()


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed, as the error body says it."""

    code: str
    message: str
    details: tuple[str | dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One background job; all moments are UTC, ISO 8601.

    Attributes:
        job_id: Counts up from 1; never given twice.
        kind: `import`, `publish` or `learn`.
        stage: `reading`, `writing`, `encoding`, `publishing`, `learning` or `checking`.
        done: Steps of this stage that are done: wordings, while it encodes.
        total: Steps of this stage; 0 where they cannot be counted.
        rate: Steps a second in this stage; null where that cannot be said yet.
        remaining_seconds: Until this stage is done, at this rate; null where that cannot be said.
        attempts: How often it was begun; more than once where a worker died.
        version: The version that it published.
        report: What became of its file, as far as that is known; the rows have a route of their own.
    """

    job_id: Annotated[int, named("id")]
    kind: str
    state: JobState
    stage: str
    done: int
    total: int
    rate: Annotated[float | None, ROUNDED]
    remaining_seconds: Annotated[float | None, ROUNDED]
    cancel_requested: bool
    attempts: int
    created_at: str
    started_at: str | None
    finished_at: str | None
    version: int | None
    report: ImportSummary | None
    error: JobError | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class JobList:
    """The last jobs, newest first."""

    jobs: tuple[JobStatus, ...]


class JobService:
    """Queues jobs and tells how far they are; `faqbot.services.jobs.worker` does them."""

    def __init__(self, jobs: Jobs, *, keep: int = 100, wake: Callable[[], None] | None = None) -> None:
        """Bind the queue.

        Args:
            jobs: Where jobs are kept.
            keep: How many finished jobs are kept.
            wake: Tells this process's own worker, if it has one, that there is something to do.
        """
        self._jobs = jobs
        self._keep = keep
        self._wake = wake

    def submit_import(
        self, name: str, content: bytes, *, dry_run: bool = False, replace: bool = False, terms: ImportTerms = _TERMS
    ) -> JobStatus:
        """Queue the import of an uploaded file.

        Args:
            name: The file's name; its ending tells the format.
            content: Its bytes.
            dry_run: Report only.
            replace: As in `Importer.import_file`.
            terms: What a person says about the file and what is to happen with it.

        Raises:
            UnsupportedFileType: The ending is none of ours.
        """
        format_of(name)
        parameters = {"file": Path(name).name, "dry_run": dry_run, "replace": replace, "terms": to_json(terms)}
        return self._submit("import", parameters, content)

    def submit_publish(self, **arguments: Any) -> JobStatus:  # noqa: ANN401
        """Queue a publication; the arguments are those of `PublishingService.publish`."""
        return self._submit("publish", arguments, None)

    def submit_learn(self, version: int) -> JobStatus:
        """Queue that a version is learned again, because another release of faqbot learned it; once, whoever asks."""
        return self._submit("learn", {"version": version}, None, once=True)

    def get(self, job_id: int) -> JobStatus:
        """One job.

        Raises:
            JobNotFound: There is none of this number.
        """
        return self._status(self._jobs.get(job_id))

    def last(self, limit: int = 50) -> list[JobStatus]:
        """The last jobs, the newest first, without their reports."""
        return [_status(job, None) for job in self._jobs.last(limit)]

    def rows(self, job_id: int, *, verdict: RowVerdictName | None = None, after: int = 0, limit: int = 100) -> RowPage:
        """What an import makes of each row of its file.

        Args:
            job_id: The import.
            verdict: Only rows with this one; unset: all.
            after: The `next` of the page before.
            limit: Rows at most.

        Raises:
            JobNotFound: There is none of this number.
        """
        report = self._report(self._jobs.get(job_id))
        rows = [row for row in (report.rows if report else ()) if verdict in (None, row.verdict)]
        end = after + limit
        return RowPage(tuple(rows[after:end]), end if end < len(rows) else None, len(rows))

    def cancel(self, job_id: int) -> JobStatus:
        """Ask for a job's end; a job that is over stays as it is.

        Raises:
            JobNotFound: There is none of this number.
        """
        return self._status(self._jobs.cancel(job_id))

    def wait(self, job_id: int, seconds: float) -> JobStatus:
        """The job once it is over, or as it is after so many seconds."""
        end = time.monotonic() + seconds
        status = self.get(job_id)
        while not status.is_over and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
            status = self.get(job_id)
        return status

    def _submit(self, kind: str, parameters: dict[str, Any], upload: bytes | None, *, once: bool = False) -> JobStatus:
        # The worker has a thread of its own, which does not know for whom it works.
        parameters = {**parameters, "actor": current_actor()}
        job_id = self._jobs.add(kind, parameters, upload=upload, keep=self._keep, once=once)
        if self._wake:
            self._wake()
        return self.get(job_id)

    def _status(self, job: JobRow) -> JobStatus:
        return _status(job, self._report(job))

    def _report(self, job: JobRow) -> ImportReport | None:
        block = self._jobs.report(job.job_id) if job.kind == "import" else None
        return unpack_report(block) if block else None


def _status(job: JobRow, report: ImportReport | None) -> JobStatus:
    rate = remaining = None
    if job.stage_started_at and job.done:
        seconds = (_moment(job.updated_at) - _moment(job.stage_started_at)).total_seconds()
        if seconds > 0:
            rate = job.done / seconds
            remaining = max(job.total - job.done, 0) / rate
    return JobStatus(
        job_id=job.job_id,
        kind=job.kind,
        state=job.state,
        stage=job.stage,
        done=job.done,
        total=job.total,
        rate=rate,
        remaining_seconds=remaining if job.state == "running" else None,
        cancel_requested=job.cancel_requested,
        attempts=job.attempts,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        version=(job.result or {}).get("version"),
        report=report,
        error=from_json(JobError, job.error) if job.error else None,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)

"""One background job while a worker has it."""

from __future__ import annotations

import logging
import threading
import time

from faqbot.errors import FaqbotError
from faqbot.services.draft.import_reports import pack_report, unpack_report
from faqbot.services.values.imports import ImportReport
from faqbot.storage import JobClaim, JobRow, Jobs, JobState

_log = logging.getLogger(__name__)

_PROGRESS_SECONDS = 0.3


class Stopped(Exception):
    """The job is to end here: it was cancelled, or another worker has it."""


class JobRun:
    """One claimed job while it is worked on: keeps the lease, says how far it is, notices that it was cancelled."""

    def __init__(self, jobs: Jobs, job: JobRow, owner: str, lease_seconds: float) -> None:
        """Bind a claimed job; `with` starts the heartbeat."""
        self._jobs = jobs
        self.job = job
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._ended = threading.Event()
        self._written = 0.0

    def __enter__(self) -> JobRun:
        threading.Thread(target=self._beat, name="job-lease", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def stage(self, name: str, total: int = 0) -> None:
        """Begin a stage of so many steps.

        Raises:
            Stopped: The job was cancelled, or somebody else has it.
        """
        self._say(stage=name, done=0, total=total)

    def progress(self, done: int, total: int) -> None:
        """Say how far the stage is; raises as `stage` does, though not at every call."""
        if done < total and time.monotonic() - self._written < _PROGRESS_SECONDS:
            return
        self._say(done=done, total=total)

    @property
    def claim(self) -> JobClaim:
        """Which job this is and who has it."""
        return JobClaim(self.job.job_id, self._owner)

    def upload(self) -> bytes:
        """The file that came with the job."""
        return self._jobs.upload(self.job.job_id)

    def saved_report(self) -> ImportReport | None:
        """What an earlier attempt at this job has found."""
        block = self._jobs.report(self.job.job_id)
        return unpack_report(block) if block else None

    def save_report(self, report: ImportReport) -> None:
        """Keep what was found, for callers and for a later attempt."""
        self._say(report=pack_report(report))

    def finish(self, state: JobState, **outcome: dict[str, object] | None) -> None:
        """Say what came of it."""
        self._ended.set()
        self._jobs.finish(self.job.job_id, self._owner, state, **outcome)

    def _say(self, **progress: object) -> None:
        job = self._jobs.extend(self.job.job_id, self._owner, self._lease_seconds, **progress)
        self._written = time.monotonic()
        if job is None or job.cancel_requested:
            raise Stopped
        self.job = job

    def _beat(self) -> None:
        """Keep the lease while a step takes long."""
        while not self._ended.wait(self._lease_seconds / 3):
            try:
                self._jobs.extend(self.job.job_id, self._owner, self._lease_seconds)
            except FaqbotError as error:
                _log.warning("Job %s: its lease could not be extended: %s", self.job.job_id, error)

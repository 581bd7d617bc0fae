"""Background jobs. The table is the queue: a worker claims a job for so many seconds, and keeps extending its lease.

A worker that dies stops extending, so another one claims the job when the lease has run out. Leases are compared with
this machine's clock; the clocks of several machines have to agree better than a lease is long.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from faqbot.errors import JobInterrupted, JobNotFound
from faqbot.language import _
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import JobClaim, JobRow, JobState
from faqbot.storage.tables import JobTable, PublishedTable

_COLUMNS = (
    JobTable.id,
    JobTable.kind,
    JobTable.state,
    JobTable.parameters,
    JobTable.stage,
    JobTable.done,
    JobTable.total,
    JobTable.created_at,
    JobTable.started_at,
    JobTable.stage_started_at,
    JobTable.updated_at,
    JobTable.finished_at,
    JobTable.cancel_requested,
    JobTable.attempts,
    JobTable.result,
    JobTable.error,
)
_FINISHED: tuple[JobState, ...] = ("done", "failed", "cancelled")


class Jobs:
    """Background jobs: queued, claimed, reported on, ended."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def add(
        self, kind: str, parameters: dict[str, Any], *, upload: bytes | None = None, keep: int = 100, once: bool = False
    ) -> int:
        """Queue a job and forget the oldest finished ones.

        Args:
            kind: What is to be done.
            parameters: How; JSON values.
            upload: A file that came with it; dropped when the job is finished.
            keep: How many finished jobs remain.
            once: Whether an equal job that is not finished yet takes its place.

        Returns:
            The job's number.
        """
        moment = now()
        row = {
            "kind": kind,
            "state": "queued",
            "parameters": parameters,
            "upload": upload,
            "stage": "queued",
            "done": 0,
            "total": 0,
            "created_at": moment,
            "updated_at": moment,
            "cancel_requested": False,
            "attempts": 0,
        }
        old = select(JobTable.id).where(JobTable.state.in_(_FINISHED)).order_by(JobTable.id.desc()).offset(keep)
        with self._database.writing() as session:
            if once:
                # Whoever else asks for the same waits here until this transaction ends.
                session.execute(select(PublishedTable.id).with_for_update())
                same = select(JobTable.id, JobTable.parameters).where(
                    JobTable.kind == kind, JobTable.state.not_in(_FINISHED)
                )
                for row_id, known in session.execute(same):
                    if known == parameters:
                        return int(row_id)
            session.execute(delete(JobTable).where(JobTable.id.in_(session.scalars(old).all())))
            return session.scalars(insert(JobTable).values(**row).returning(JobTable.id)).one()

    def get(self, job_id: int) -> JobRow:
        """One job.

        Raises:
            JobNotFound: There is none of this number.
        """
        with self._database.reading() as session:
            return _one(session, select(*_COLUMNS).where(JobTable.id == job_id), job_id)

    def last(self, limit: int = 50) -> list[JobRow]:
        """The last jobs, the newest first."""
        chosen = select(*_COLUMNS).order_by(JobTable.id.desc()).limit(limit)
        with self._database.reading() as session:
            return [JobRow(*row) for row in session.execute(chosen)]

    def claim(self, owner: str, lease_seconds: float) -> JobRow | None:
        """Take the oldest job that waits, or whose worker stopped extending its lease; None when there is none.

        Of several workers that ask at once each gets another job: SQLite lets one write at a time, PostgreSQL skips
        the row that another one has locked.
        """
        moment = now()
        expired = and_(JobTable.state == "running", JobTable.lease_until < moment)
        free = (
            select(JobTable.id)
            .where(or_(JobTable.state == "queued", expired))
            .order_by(JobTable.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(JobTable)
            .where(JobTable.id == free.scalar_subquery())
            .values(
                state="running",
                owner=owner,
                lease_until=_after(lease_seconds),
                attempts=JobTable.attempts + 1,
                started_at=moment,
                updated_at=moment,
            )
            .returning(*_COLUMNS)
            .execution_options(synchronize_session=False)
        )
        with self._database.writing() as session:
            row = session.execute(claim).one_or_none()
        return JobRow(*row) if row else None

    def upload(self, job_id: int) -> bytes:
        """The file that came with a job; empty where there is none, or not any more."""
        with self._database.reading() as session:
            return session.scalar(select(JobTable.upload).where(JobTable.id == job_id)) or b""

    def report(self, job_id: int) -> bytes | None:
        """The report that the job's worker has saved; None where it has none yet."""
        with self._database.reading() as session:
            return session.scalar(select(JobTable.report).where(JobTable.id == job_id))

    def extend(self, job_id: int, owner: str, lease_seconds: float, **progress: object) -> JobRow | None:
        """Keep a claimed job for further seconds, and note how far it is.

        Args:
            job_id: Which one.
            owner: Whoever has claimed it.
            lease_seconds: From now.
            **progress: Columns to set: `stage`, `done`, `total`, `report`; a new stage starts its clock.

        Returns:
            The job as it is now; None where somebody else has it, or it is finished.
        """
        moment = now()
        values = {**progress, "lease_until": _after(lease_seconds), "updated_at": moment}
        if "stage" in progress:
            values["stage_started_at"] = moment
        return self._change(job_id, owner, values)

    def finish(
        self,
        job_id: int,
        owner: str,
        state: JobState,
        *,
        result: dict[str, Any] | None = None,
        error: dict[str, Any] | None = None,
    ) -> JobRow | None:
        """Say what came of a claimed job; `queued` hands it back to whoever comes next.

        Returns:
            The job as it is now; None where somebody else has it.
        """
        values: dict[str, object] = {"state": state, "owner": None, "lease_until": None, "updated_at": now()}
        if state in _FINISHED:
            values |= {"finished_at": now(), "upload": None, "result": result, "error": error}
        return self._change(job_id, owner, values)

    def cancel(self, job_id: int) -> JobRow:
        """Ask for a job's end: one that waits ends at once, a running one when its worker notices.

        Raises:
            JobNotFound: There is none of this number.
        """
        waiting = update(JobTable).where(JobTable.id == job_id, JobTable.state == "queued")
        running = update(JobTable).where(JobTable.id == job_id, JobTable.state == "running")
        ended = {"state": "cancelled", "finished_at": now(), "upload": None}
        with self._database.writing() as session:
            session.execute(waiting.values(cancel_requested=True, **ended))
            session.execute(running.values(cancel_requested=True))
            return _one(session, select(*_COLUMNS).where(JobTable.id == job_id), job_id)

    def _change(self, job_id: int, owner: str, values: dict[str, object]) -> JobRow | None:
        change = (
            update(JobTable)
            .where(JobTable.id == job_id, JobTable.state == "running", JobTable.owner == owner)
            .values(**values)
            .returning(*_COLUMNS)
            .execution_options(synchronize_session=False)
        )
        with self._database.writing() as session:
            row = session.execute(change).one_or_none()
        return JobRow(*row) if row else None


def tell_result(session: Session, claim: JobClaim, result: dict[str, Any]) -> None:
    """Note what comes of a job in the transaction that does it; the job is not over by that.

    Raises:
        JobInterrupted: Another worker has it, or it is over.
    """
    mine = (JobTable.id == claim.job_id, JobTable.owner == claim.owner, JobTable.state == "running")
    if session.scalar(update(JobTable).where(*mine).values(result=result).returning(JobTable.id)) is None:
        raise JobInterrupted(_("Another worker has taken job {job_id} over.", job_id=claim.job_id))


def _one(session: Session, chosen: Select[Any], job_id: int) -> JobRow:
    row = session.execute(chosen).one_or_none()
    if row is None:
        raise JobNotFound(_("There is no job {job_id}; only the last ones are kept.", job_id=job_id))
    return JobRow(*row)


def _after(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="microseconds")

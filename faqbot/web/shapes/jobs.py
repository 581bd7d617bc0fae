"""Replies about background jobs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from faqbot.channels.contract import Json, report_json
from faqbot.services.jobs.jobs import JobStatus
from faqbot.web.shapes.files import LossShape, RowShape
from faqbot.web.shapes.shape import Shape


class JobReport(Shape):
    """What became of a file; its rows have a route of their own."""

    file: str
    encoding: str
    origin: str
    applied: bool
    counts: dict[str, int]
    removed: int
    losses: list[LossShape]


class JobError(Shape):
    """Why a job failed, as the error body says it."""

    code: str
    message: str
    details: list[Any]


class JobShape(Shape):
    """One background job."""

    id: int
    kind: str = Field(description="`import`, `publish`, or `learn`: a version of another release, learned again.")
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    stage: str = Field(description="`reading`, `writing`, `encoding`, `publishing`, `learning` or `checking`.")
    done: int = Field(description="Steps of this stage that are done: wordings, while it encodes.")
    total: int = Field(description="Steps of this stage; 0 where they cannot be counted.")
    rate: float | None = Field(description="Steps a second.")
    remaining_seconds: float | None = Field(description="Until this stage is done, at this rate.")
    cancel_requested: bool
    attempts: int = Field(description="How often it was begun; more than once where a worker died.")
    created_at: str
    started_at: str | None
    finished_at: str | None
    version: int | None = Field(description="The version that it published, or learned again.")
    report: JobReport | None
    error: JobError | None


class JobList(Shape):
    """The last jobs, newest first."""

    jobs: list[JobShape]


class RowPage(Shape):
    """Rows of a file in its order."""

    rows: list[RowShape]
    next: int | None = Field(description="Send it as `after` for the page behind this one; null on the last.")
    total: int = Field(description="Rows with this verdict, or all.")


def job_json(status: JobStatus) -> Json:
    """A job as the API tells it."""
    job, report = status.job, None
    if status.report:
        report = report_json(status.report)
        del report["rows"]
    return {
        "id": job.job_id,
        "kind": job.kind,
        "state": job.state,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "rate": None if status.rate is None else round(status.rate, 1),
        "remaining_seconds": None if status.remaining_seconds is None else round(status.remaining_seconds, 1),
        "cancel_requested": job.cancel_requested,
        "attempts": job.attempts,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "version": (job.result or {}).get("version"),
        "report": report,
        "error": job.error,
    }

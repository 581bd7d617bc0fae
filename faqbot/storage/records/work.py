"""Jobs and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
"""Waiting; being worked on; three ways to be over."""


@dataclass(frozen=True, slots=True)
class JobClaim:
    """Which job it is, and which worker has it."""

    job_id: int
    owner: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """One background job, without its upload and its report; all moments are UTC, ISO 8601.

    Attributes:
        job_id: Counts up from 1; never given twice.
        kind: What is to be done.
        state: Where it stands.
        parameters: How it is to be done.
        stage: What is being done now, or was last.
        done: Steps of this stage that are done.
        total: Steps of this stage; 0 where they cannot be counted.
        created_at: When it was queued.
        started_at: When a worker last claimed it.
        stage_started_at: When its stage began.
        updated_at: When its worker last said something.
        finished_at: When it was over.
        cancel_requested: Whether somebody wants it to end.
        attempts: How often it was claimed; more than once where a worker died.
        result: What came of it, small.
        error: Why it failed: code, message and details.
    """

    job_id: int
    kind: str
    state: JobState
    parameters: dict[str, Any]
    stage: str
    done: int
    total: int
    created_at: str
    started_at: str | None
    stage_started_at: str | None
    updated_at: str
    finished_at: str | None
    cancel_requested: bool
    attempts: int
    result: dict[str, Any] | None
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known of a delivery that came before.

    Attributes:
        fingerprint: Of its content.
        reply: What it was answered with; None while it is being answered.
    """

    fingerprint: str
    reply: str | None

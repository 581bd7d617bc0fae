"""Jobs, whose table is their queue too (see `faqbot.storage.work.jobs`), and deliveries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Index,
    LargeBinary,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from faqbot.storage.records import JobState
from faqbot.storage.tables.base import Base


class JobTable(Base):
    """One job: what is to be done, how far it is, who does it until when, and what came of it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index(None, "state"),
        # Numbers are never given twice: what somebody wrote down never becomes another job.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[JobState] = mapped_column(Text)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    upload: Mapped[bytes | None] = mapped_column(LargeBinary)
    stage: Mapped[str] = mapped_column(Text)
    done: Mapped[int]
    total: Mapped[int]
    created_at: Mapped[str] = mapped_column(Text)
    started_at: Mapped[str | None] = mapped_column(Text)
    stage_started_at: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[str] = mapped_column(Text)
    finished_at: Mapped[str | None] = mapped_column(Text)
    cancel_requested: Mapped[bool]
    attempts: Mapped[int]
    owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    report: Mapped[bytes | None] = mapped_column(LargeBinary)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class DeliveryTable(Base):
    """One message that an outside program delivered; `reply` is unset while it is being answered."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "received_at"),)

    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    delivery_id: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[str] = mapped_column(Text)

"""Requests about background jobs."""

from __future__ import annotations

from pydantic import Field

from faqbot.services.values.imports import RowVerdictName
from faqbot.web.bodies.known_fields import Count, Input


class JobsQuery(Input):
    """Which jobs to list."""

    limit: int = Field(50, ge=1, le=200)


class JobQuery(Input):
    """How to look at a job."""

    wait: float = Field(0, ge=0, le=60, description="Seconds to wait for its end.")


class RowsQuery(Input):
    """Which rows of an import to list."""

    verdict: RowVerdictName | None = Field(None, description="Only rows with this verdict.")
    after: Count = Field(0, description="The `next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)

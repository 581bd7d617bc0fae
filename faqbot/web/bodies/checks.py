"""Requests about what is wrong with the draft, and what would change with it."""

from __future__ import annotations

from pydantic import Field

from faqbot.services.checks.duplicates import LISTED
from faqbot.web.bodies.known_fields import Body, Input


class DuplicatesQuery(Input):
    """How near is near."""

    threshold: float = Field(LISTED, ge=0, le=1, description="Score from which a pair is listed.")


class QuestionTestBody(Body):
    """A question with the decision that every version has to make."""

    question: str = Field(max_length=1000)
    entry_id: str | None = Field(None, description="The entry that has to answer; unset: nothing may.")


class ReplayQuery(Input):
    """Which real questions to ask again."""

    last: int = Field(1000, ge=1, le=100_000, description="How many of the kept questions.")

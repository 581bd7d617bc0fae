"""Requests about what customers asked and thought of replies."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from faqbot.web.bodies.known_fields import Body, Input, Number


class QuestionsQuery(Input):
    """Which of the asked questions to list."""

    verdict: Literal["answer", "suggest", "fallback"] | None = None
    after: Number | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=1000)


class EraseBody(Body):
    """Which questions to erase; what is given has to hold together."""

    matching: str = Field("", max_length=1000, description="Those with this text in them.")
    session: str = Field("", max_length=1000, description="Those of one conversation or user, as the channel names it.")
    every: bool = Field(False, alias="all", description="All of them.")


class ExpireBody(Body):
    """What is too old."""

    days: int | None = Field(None, ge=1, le=36_500, description="Unset: `storage.keep_days`.")


class FeedbackBody(Body):
    """What a customer thought of a reply."""

    request_id: str = Field(max_length=64, description="Of the reply.")
    kind: Literal["helpful", "unhelpful", "chosen", "none"] = Field(
        description="The answer helped, or did not; a suggestion was meant; nothing of what was offered was meant."
    )
    entry_id: str | None = Field(None, description="With `chosen`: the suggestion that was meant.")


class FeedbackQuery(Input):
    """Which feedback to list."""

    after: Number | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=1000)


class DismissBody(Body):
    """Which feedback to dismiss; what is given has to hold together."""

    matching: str = Field("", max_length=1000, description="Only on questions with this text in them.")
    since: str | None = Field(None, max_length=40, description="Only from this date, or date and time, on.")


class AcceptBody(Body):
    """What an admin makes of a feedback."""

    entry_ids: list[str] = Field(description="Entries that answer the question; empty: nothing does.")
    as_wording: bool = Field(False, description="Also add the question to the first entry in the draft.")


class LabelBody(AcceptBody):
    """Which entries answer a question."""

    question: str


class LabelQuery(Input):
    """Which label."""

    question: str

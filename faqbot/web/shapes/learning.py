"""Replies about what customers asked and thought of replies."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from faqbot.web.shapes.shape import Shape


class AskedShape(Shape):
    """One question as it was asked and decided."""

    number: int
    request_id: str
    text: str = Field(description="E-mail addresses and long numbers are masked.")
    verdict: Literal["answer", "suggest", "fallback"]
    entry_id: str = Field(description="What answered, else the first suggestion; empty for a fallback.")
    confidence: float
    version: int
    channel: str
    language: str
    session: str = Field(description="Equal within one conversation; says nothing about who it was.")
    created_at: str


class AskedPage(Shape):
    """Asked questions, the newest first."""

    questions: list[AskedShape]
    next: int | None = Field(description="Send it as `after` for the page behind this one; null on the last.")


class FeedbackShape(Shape):
    """What a customer thought of a reply."""

    number: int
    request_id: str
    text: str = Field(description="The question; e-mail addresses and long numbers are masked.")
    kind: Literal["helpful", "unhelpful", "chosen", "none"]
    entry_id: str = Field(description="What was answered with, or chosen; empty for `none`.")
    created_at: str


class FeedbackPage(Shape):
    """Feedback that nobody has reviewed yet, the newest first."""

    feedback: list[FeedbackShape]
    next: int | None = Field(description="Send it as `after` for the page behind this one; null on the last.")


class LabelShape(Shape):
    """A question and the entries that answer it."""

    question: str
    entry_ids: list[str] = Field(description="Empty: nothing answers it.")


class LabelList(Shape):
    """Every labelled question."""

    labels: list[LabelShape]

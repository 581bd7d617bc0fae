"""Replies about uploaded files."""

from __future__ import annotations

from pydantic import Field

from faqbot.services.values.replies import RowVerdictName
from faqbot.web.shapes.shape import Shape


class RowShape(Shape):
    """One row of a file."""

    line: int
    entry_id: str
    verdict: RowVerdictName
    column: str
    message: str


class LossShape(Shape):
    """Something that the file holds and that has no home here."""

    what: str
    count: int
    why: str


class ImportReply(Shape):
    """What became of a file."""

    file: str
    encoding: str
    origin: str = Field(description="The program whose export it is; empty for our own columns.")
    applied: bool
    counts: dict[str, int]
    removed: int
    losses: list[LossShape]
    rows: list[RowShape]

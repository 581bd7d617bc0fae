"""Replies about what is wrong with the draft, and what would change with it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from faqbot.web.shapes.shape import Shape


class FindingShape(Shape):
    """One problem that a check found."""

    code: str
    severity: Literal["blocking", "warning"]
    entries: list[str]
    texts: list[str] = Field(description="What the explanation quotes.")
    explanation: dict[Literal["zh", "en"], str]


class OverrideShape(Shape):
    """A check that was let fail, and why."""

    code: str
    note: str


class CheckReportShape(Shape):
    """What the checks found, blocking findings first."""

    publishable: bool
    complete: bool = Field(description="Whether every check ran.")
    counts: dict[str, int]
    findings: list[FindingShape]
    overrides: list[OverrideShape]


class DuplicateShape(Shape):
    """Two entries that ask nearly the same."""

    entry_ids: list[str]
    wordings: list[str]
    answers: list[str]
    score: float = Field(description="Strength of the belief that they ask the same, 0..1.")
    conflict: bool = Field(description="Whether their answers differ.")


class DuplicateList(Shape):
    """Pairs, those with different answers first."""

    pairs: list[DuplicateShape]


class QuestionTestShape(Shape):
    """A question with the decision that every version has to make."""

    number: int
    question: str
    entry_id: str | None = Field(description="The entry that has to answer; null: nothing may.")


class QuestionTestList(Shape):
    """Every test question."""

    tests: list[QuestionTestShape]


class RehearsedDecision(Shape):
    """What a version decides about a question."""

    verdict: Literal["answer", "suggest", "fallback", "refused"]
    entry_id: str
    confidence: float


class TestedQuestionShape(QuestionTestShape):
    """A test question, and what became of it."""

    passed: bool
    passed_before: bool | None = Field(description="On the current version; null where there is none of this model.")
    draft: RehearsedDecision


class TestRun(Shape):
    """What became of every test question."""

    passed: int
    failed: int
    results: list[TestedQuestionShape]


class ChangedDecisionShape(Shape):
    """A real question about which the draft decides otherwise."""

    text: str
    times: int
    current: RehearsedDecision
    draft: RehearsedDecision


class ReplayShape(Shape):
    """The last real questions, asked of the draft."""

    asked: int
    changed: list[ChangedDecisionShape]

"""QnA Maker, retired in 2025: `generateAnswer`. Scores are 0 to 100 there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from faqbot.channels.question_answering.qna_pairs import (
    DEFAULT_THRESHOLD,
    MOST_ANSWERS,
    NO_MATCH,
    Condition,
    Context,
    Pair,
    Query,
    context_json,
)
from faqbot.channels.reading import Incoming, read
from faqbot.channels.reply_records import ReplyRecord

_ERROR_CODES = {401: "Unauthorized", 403: "Forbidden", 404: "KbNotFound", 429: "QuotaExceeded", 503: "ServiceError"}


class _Filter(Incoming):
    name: str
    value: str


class QueryBody(Incoming):
    """A question, or the number of a pair; what is not named here is let pass."""

    # The clients send the number as text too; pydantic takes either.
    qnaId: int | None = None  # noqa: N815
    question: str | None = None
    top: int | None = Field(None, ge=1)
    userId: str | None = Field(None, max_length=256)  # noqa: N815
    scoreThreshold: float | None = Field(None, ge=0.0, le=100.0)  # noqa: N815
    strictFilters: list[_Filter] | None = Field(None, max_length=100)  # noqa: N815
    strictFiltersCompoundOperationType: Literal["AND", "OR"] | None = None  # noqa: N815


class _Metadata(TypedDict):
    name: str
    value: str


class _Answer(TypedDict):
    questions: list[str]
    answer: str
    score: float
    id: int
    source: str | None
    isDocumentText: bool
    metadata: list[_Metadata]
    context: Context


class Answers(TypedDict):
    """Ranked answers."""

    answers: list[_Answer]
    activeLearningEnabled: bool
    faqbot: ReplyRecord


class _Error(TypedDict):
    code: str
    message: str
    details: list[str]


class Failure(TypedDict):
    """What went wrong."""

    error: _Error


def read_query(body: object) -> Query:
    """Read a request.

    Raises:
        InvalidRequest: A field has the wrong form.
    """
    form = read(QueryBody, body)
    return Query(
        question=form.question or "",
        # Bot Framework's client says 0 where it asks for no number.
        number=form.qnaId or None,
        top=min(form.top or 1, MOST_ANSWERS),
        threshold=DEFAULT_THRESHOLD if form.scoreThreshold is None else form.scoreThreshold / 100,
        conditions=tuple(Condition(one.name, one.value) for one in form.strictFilters or ()),
        any_condition=form.strictFiltersCompoundOperationType == "OR",
        session_id=form.userId or "",
    )


def answers_json(pairs: Sequence[Pair], fallback: str, record: ReplyRecord) -> Answers:
    """Ranked answers; where there are none, the one with the id -1 that says so."""
    answers = [_answer_json(pair) for pair in pairs] or [_no_match(fallback)]
    return {"answers": answers, "activeLearningEnabled": False, "faqbot": record}


def error_json(status: int, message: str, _target: str = "") -> Failure:
    """A failure as QnA Maker words it."""
    code = _ERROR_CODES.get(status, "BadArgument" if status < 500 else "QnaRuntimeError")
    return {"error": {"code": code, "message": message, "details": []}}


def _answer_json(pair: Pair) -> _Answer:
    return {
        "questions": list(pair.questions),
        "answer": pair.answer,
        "score": 100 * pair.confidence,
        "id": pair.number,
        "source": "faqbot",
        "isDocumentText": False,
        "metadata": [{"name": name, "value": value} for name, value in pair.metadata],
        "context": context_json(pair),
    }


def _no_match(fallback: str) -> _Answer:
    return {
        "questions": [],
        "answer": fallback,
        "score": 0.0,
        "id": NO_MATCH,
        "source": None,
        "isDocumentText": False,
        "metadata": [],
        "context": context_json(None),
    }

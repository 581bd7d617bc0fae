"""Azure AI Language, custom question answering: `:query-knowledgebases`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired

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
    joined,
)
from faqbot.channels.reading import Incoming, read
from faqbot.channels.reply_records import ReplyRecord
from faqbot.errors import InvalidRequest
from faqbot.language import _

_ERROR_CODES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    429: "TooManyRequests",
    503: "ServiceUnavailable",
}


class _Metadata(Incoming):
    key: str
    value: str


class _MetadataFilter(Incoming):
    metadata: list[_Metadata] | None = Field(None, max_length=100)
    logicalOperation: Literal["AND", "OR"] | None = None  # noqa: N815


class _Filters(Incoming):
    metadataFilter: _MetadataFilter | None = None  # noqa: N815
    sourceFilter: list[str] | None = None  # noqa: N815


class QueryBody(Incoming):
    """A question, or the number of a pair; what is not named here is let pass."""

    qnaId: int | None = None  # noqa: N815
    question: str | None = None
    top: int | None = Field(None, ge=1)
    userId: str | None = Field(None, max_length=256)  # noqa: N815
    confidenceScoreThreshold: float | None = Field(None, ge=0.0, le=1.0)  # noqa: N815
    filters: _Filters | None = None


class _Answer(TypedDict):
    questions: list[str]
    answer: str
    confidenceScore: float
    id: int
    source: str
    metadata: dict[str, str]
    dialog: Context


class Answers(TypedDict):
    """Ranked answers."""

    answers: list[_Answer]
    faqbot: ReplyRecord


class _Error(TypedDict):
    code: str
    message: str
    details: list[str]
    target: NotRequired[str]


class Failure(TypedDict):
    """What went wrong."""

    error: _Error


def read_query(body: object) -> Query:
    """Read a request.

    Raises:
        InvalidRequest: A field has the wrong form, or the request filters by source.
    """
    form = read(QueryBody, body)
    filters = form.filters or _Filters(metadataFilter=None, sourceFilter=None)
    if filters.sourceFilter:
        field = "filters.sourceFilter"
        raise InvalidRequest(
            _("`{field}`: entries have no sources here; filter by metadata instead.", field=field), [field]
        )
    conditions, stated = filters.metadataFilter, form.confidenceScoreThreshold
    return Query(
        question=form.question or "",
        number=form.qnaId,
        top=min(form.top or 1, MOST_ANSWERS),
        threshold=DEFAULT_THRESHOLD if stated is None else stated,
        conditions=tuple(Condition(one.key, one.value) for one in (conditions and conditions.metadata) or ()),
        any_condition=bool(conditions and conditions.logicalOperation == "OR"),
        session_id=form.userId or "",
    )


def answers_json(pairs: Sequence[Pair], fallback: str, record: ReplyRecord) -> Answers:
    """Ranked answers; where there are none, the one with the id -1 that says so."""
    return {"answers": [_answer_json(pair) for pair in pairs] or [_no_match(fallback)], "faqbot": record}


def error_json(status: int, message: str, target: str = "") -> Failure:
    """A failure as Azure words it."""
    code = _ERROR_CODES.get(status, "InvalidArgument" if status < 500 else "InternalServerError")
    error: _Error = {"code": code, "message": message, "details": []}
    if target:
        error["target"] = target
    return {"error": error}


def _answer_json(pair: Pair) -> _Answer:
    return {
        "questions": list(pair.questions),
        "answer": pair.answer,
        "confidenceScore": pair.confidence,
        "id": pair.number,
        "source": "faqbot",
        "metadata": joined(pair.metadata),
        "dialog": context_json(pair),
    }


def _no_match(fallback: str) -> _Answer:
    return {
        "questions": [],
        "answer": fallback,
        "confidenceScore": 0.0,
        "id": NO_MATCH,
        "source": "",
        "metadata": {},
        "dialog": context_json(None),
    }

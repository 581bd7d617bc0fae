"""Azure AI Language, custom question answering: `:query-knowledgebases`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from faqbot.channels.question_answering.qna_pairs import (
    DEFAULT_THRESHOLD,
    MOST_ANSWERS,
    NO_MATCH,
    Condition,
    Pair,
    Query,
    joined,
    prompts_json,
)
from faqbot.channels.reading import Incoming, read
from faqbot.errors import InvalidRequest
from faqbot.language import _

Json = dict[str, object]

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


class _Body(Incoming):
    qnaId: int | None = None  # noqa: N815
    question: str | None = None
    top: int | None = Field(None, ge=1)
    userId: str | None = Field(None, max_length=256)  # noqa: N815
    confidenceScoreThreshold: float | None = Field(None, ge=0.0, le=1.0)  # noqa: N815
    filters: _Filters | None = None


def read_query(body: object) -> Query:
    """Read a request.

    Raises:
        InvalidRequest: A field has the wrong form, or the request filters by source.
    """
    form = read(_Body, body)
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


def answers_json(pairs: Sequence[Pair], fallback: str) -> Json:
    """Ranked answers; where there are none, the one with the id -1 that says so."""
    return {"answers": [_answer_json(pair) for pair in pairs] or [_no_match(fallback)]}


def error_json(status: int, message: str, target: str = "") -> Json:
    """A failure as Azure words it."""
    code = _ERROR_CODES.get(status, "InvalidArgument" if status < 500 else "InternalServerError")
    error: Json = {"code": code, "message": message, "details": []}
    return {"error": {**error, "target": target} if target else error}


def _answer_json(pair: Pair) -> Json:
    return {
        "questions": list(pair.questions),
        "answer": pair.answer,
        "confidenceScore": pair.confidence,
        "id": pair.number,
        "source": "faqbot",
        "metadata": joined(pair.metadata),
        "dialog": {"isContextOnly": False, "prompts": prompts_json(pair)},
    }


def _no_match(fallback: str) -> Json:
    return {
        "questions": [],
        "answer": fallback,
        "confidenceScore": 0.0,
        "id": NO_MATCH,
        "source": "",
        "metadata": {},
        "dialog": {"isContextOnly": False, "prompts": []},
    }

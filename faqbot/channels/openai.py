"""OpenAI's chat completions, models and embeddings, as far as a program that answers from stored texts can be one."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field
from typing_extensions import TypedDict

from faqbot.channels.plain_text import plain_text
from faqbot.channels.reading import Incoming, read
from faqbot.channels.reply_records import ReplyRecord
from faqbot.encoder.encoding import Vector
from faqbot.errors import InvalidRequest, UnknownModel
from faqbot.language import _
from faqbot.services.values.replies import Reply

CHAT_MODEL = "faqbot"
"""The one model that chats."""
MOST_TEXTS = 128
LONGEST_TEXT = 8000

_ERROR_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_ERROR_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
# Nothing is generated, so no token is counted; some tools insist on the field.
_USAGE: _Usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class _Usage(TypedDict):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class _Answer(TypedDict):
    role: Literal["assistant"]
    content: str
    refusal: None


class _Choice(TypedDict):
    index: int
    message: _Answer
    logprobs: None
    finish_reason: Literal["stop"]


class Completion(TypedDict):
    """A reply to a conversation."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[_Choice]
    usage: _Usage
    faqbot: ReplyRecord


class _Embedding(TypedDict):
    object: Literal["embedding"]
    index: int
    embedding: str | list[float]


class _EmbeddingUsage(TypedDict):
    prompt_tokens: int
    total_tokens: int


class Embeddings(TypedDict):
    """The vectors of texts."""

    object: Literal["list"]
    data: list[_Embedding]
    model: str
    usage: _EmbeddingUsage


class Model(TypedDict):
    """A model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: Literal["faqbot"]


class ModelList(TypedDict):
    """Models."""

    object: Literal["list"]
    data: list[Model]


class _Error(TypedDict):
    message: str
    type: str
    param: str | None
    code: str


class Failure(TypedDict):
    """What went wrong."""

    error: _Error


class _Part(Incoming):
    type: str
    text: str = ""


class _Message(Incoming):
    role: str
    content: str | list[_Part] | None = None


class _StreamOptions(Incoming):
    include_usage: bool = False


class ChatRequest(Incoming):
    """A conversation; only its last user message is answered, because each question stands for itself."""

    model: str
    messages: list[_Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    user: str | None = Field(None, max_length=256)

    @property
    def question(self) -> str:
        """The text of the last user message; empty where there is none."""
        content = next((one.content for one in reversed(self.messages) if one.role == "user"), None) or ""
        if isinstance(content, str):
            return content
        return "\n".join(part.text for part in content if part.type == "text")


class EmbeddingRequest(Incoming):
    """Texts to encode."""

    model: str
    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None

    @property
    def texts(self) -> list[str]:
        """The texts in their order."""
        return [self.input] if isinstance(self.input, str) else self.input


def read_chat(body: object) -> ChatRequest:
    """Read a chat request.

    Raises:
        InvalidRequest: A field has the wrong form.
        UnknownModel: It names another model than `faqbot`.
    """
    form = read(ChatRequest, body)
    check_model(form.model, (CHAT_MODEL,))
    return form


def read_embedding(body: object, model: str, dimension: int) -> EmbeddingRequest:
    """Read an embedding request.

    Args:
        body: As it came.
        model: Name of our encoder.
        dimension: Length of its dense vector.

    Raises:
        InvalidRequest: A field has the wrong form, or there are too many or too long texts.
        UnknownModel: It names another model than ours.
    """
    form = read(EmbeddingRequest, body)
    check_model(form.model, (model,))
    if form.dimensions not in (None, dimension):
        raise InvalidRequest(
            _("`dimensions`: this model's vectors have {dimension}; leave it out.", dimension=dimension), ["dimensions"]
        )
    if not 1 <= len(form.texts) <= MOST_TEXTS:
        raise InvalidRequest(
            _("`input` holds {count} texts; send 1 to {most}.", count=len(form.texts), most=MOST_TEXTS),
            ["input"],
        )
    longest = max(len(text) for text in form.texts)
    if longest > LONGEST_TEXT:
        raise InvalidRequest(
            _(
                "`input` holds a text of {count} characters; at most {most} are accepted.",
                count=longest,
                most=LONGEST_TEXT,
            ),
            ["input"],
        )
    return form


def check_model(named: str, known: Sequence[str]) -> None:
    """Refuse a model that is not ours: no model that is named stands in for another.

    Raises:
        UnknownModel: It is none of the known.
    """
    if named not in known:
        raise UnknownModel(
            _("There is no model '{named}' here; there is {known}.", named=named[:100], known=list(known)),
            ["model"],
        )


def completion_json(reply: Reply, record: ReplyRecord, completion_id: str, created: int) -> Completion:
    """A reply as one completion, our own words about it under `faqbot`."""
    message: _Answer = {"role": "assistant", "content": plain_text(reply), "refusal": None}
    return {
        "id": _id(completion_id),
        "object": "chat.completion",
        "created": created,
        "model": CHAT_MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": _USAGE,
        "faqbot": record,
    }


def completion_events(
    reply: Reply, record: ReplyRecord, completion_id: str, created: int, *, with_usage: bool
) -> list[str]:
    """A reply as the events of a stream, closed by `[DONE]`."""
    head = {"id": _id(completion_id), "object": "chat.completion.chunk", "created": created, "model": CHAT_MODEL}
    deltas: list[tuple[dict[str, str], str | None]] = [
        ({"role": "assistant", "content": ""}, None),
        ({"content": plain_text(reply)}, None),
        ({}, "stop"),
    ]
    chunks: list[dict[str, object]] = [
        {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]}
        for delta, reason in deltas
    ]
    chunks[-1]["faqbot"] = record
    if with_usage:
        chunks.append({**head, "choices": [], "usage": _USAGE})
    return [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]


def embeddings_json(vectors: Sequence[Vector], tokens: int, request: EmbeddingRequest) -> Embeddings:
    """Dense vectors as numbers, or as the base64 of little-endian float32."""
    data: list[_Embedding] = [
        {"object": "embedding", "index": index, "embedding": _embedding(vector, request.encoding_format)}
        for index, vector in enumerate(vectors)
    ]
    usage: _EmbeddingUsage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": request.model, "usage": usage}


def models_json(names: Sequence[str]) -> ModelList:
    """The list of models."""
    return {"object": "list", "data": [model_json(name) for name in names]}


def model_json(name: str) -> Model:
    """One model."""
    return {"id": name, "object": "model", "created": 0, "owned_by": "faqbot"}


def error_json(status: int, message: str, code: str, parameter: str) -> Failure:
    """A failure as OpenAI words it."""
    kind = _ERROR_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    chosen = _ERROR_CODES.get(status, code)
    return {"error": {"message": message, "type": kind, "param": parameter or None, "code": chosen}}


def _id(completion_id: str) -> str:
    return f"chatcmpl-{completion_id}"


def _embedding(vector: Vector, encoding_format: str) -> str | list[float]:
    if encoding_format == "base64":
        return base64.b64encode(vector.astype(np.dtype("<f4")).tobytes()).decode("ascii")
    return [float(value) for value in vector]

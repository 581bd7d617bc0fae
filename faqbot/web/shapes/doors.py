"""What channels, probes and exports read and reply, as the OpenAPI document says it; each kind is the door's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from faqbot.channels import deep_chat, openai, rasa, webhook
from faqbot.channels.question_answering import azure_cqa, qna_maker

JSON, TEXT, EVENTS = "application/json", "text/plain", "text/event-stream"
FORM, ANY = "application/x-www-form-urlencoded", "*/*"


class Alive(TypedDict):
    """Somebody is there."""

    status: Literal["ok"]


class Check(TypedDict):
    """What one check of the readiness found; why, where it is not well."""

    ok: bool
    code: NotRequired[str]
    message: NotRequired[str]


class Readiness(TypedDict):
    """Whether questions can be answered; without a model or a version where none is open."""

    status: Literal["ready", "not_ready"]
    checks: dict[str, Check]
    model: NotRequired[str]
    version: NotRequired[int]


class Acknowledgement(TypedDict):
    """What becomes of a message that is answered later."""

    status: Literal["accepted", "duplicate", "limited", "ignored"]


class Challenge(TypedDict):
    """What a vendor sent to see that it reaches the bot."""

    challenge: str


@dataclass(frozen=True, slots=True)
class Door:
    """One operation.

    Attributes:
        reads: By media type, the kind of body; None for one that is not described.
        replies: By status and media type, the kind of reply; None for text.
    """

    reads: Mapping[str, Any] = field(default_factory=dict)
    replies: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


EXPORTS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": JSON,
    "jsonl": "application/x-ndjson",
    "yaml": "application/yaml",
}
"""Media types of exported files, by format."""

_LISTS = (EXPORTS["json"], EXPORTS["yaml"])
_VENDOR = Door({JSON: None}, {200: {JSON: Acknowledgement | Challenge}})
_QNA_MAKER = Door({JSON: qna_maker.QueryBody}, {200: {JSON: qna_maker.Answers}})

DOORS: Mapping[str, Door] = {
    "health.healthz": Door(replies={200: {JSON: Alive}}),
    "health.readyz": Door(replies={200: {JSON: Readiness}, 503: {JSON: Readiness}}),
    "imports.export": Door(
        replies={200: {media: list[dict[str, Any]] if media in _LISTS else None for media in EXPORTS.values()}}
    ),
    "rasa.status": Door(replies={200: {JSON: Alive}}),
    "rasa.webhook": Door({JSON: rasa.MessageBody}, {200: {JSON: list[rasa.Message], EVENTS: None}}),
    "deep_chat.message": Door(
        {JSON: deep_chat.MessageBody, "multipart/form-data": None}, {200: {JSON: deep_chat.Message, EVENTS: None}}
    ),
    "azure.query_knowledgebases": Door({JSON: azure_cqa.QueryBody}, {200: {JSON: azure_cqa.Answers}}),
    "azure.generate_answer": _QNA_MAKER,
    "openai.chat_completions": Door({JSON: openai.ChatRequest}, {200: {JSON: openai.Completion, EVENTS: None}}),
    "openai.embeddings": Door({JSON: openai.EmbeddingRequest}, {200: {JSON: openai.Embeddings}}),
    "openai.models": Door(replies={200: {JSON: openai.ModelList}}),
    "openai.model": Door(replies={200: {JSON: openai.Model}}),
    "webhook.message": Door({JSON: webhook.WebhookMessage}, {200: {JSON: webhook.WebhookReply}}),
    "webhook.check": Door({ANY: None}, {200: {JSON: webhook.SignatureReport}}),
    "chatwoot.event": Door({JSON: None}, {200: {JSON: Acknowledgement}}),
    "slack.event": Door({JSON: None, FORM: None}, {200: {JSON: Acknowledgement | Challenge}}),
    "lark.event": _VENDOR,
    "wecom.verify": Door(replies={200: {TEXT: None}}),
    "wecom.callback": Door({"text/xml": None}, {200: {TEXT: None}}),
}
"""By endpoint."""

FAILURES: Mapping[str, Any] = {
    "deep_chat": deep_chat.Failure,
    "openai": openai.Failure,
    "azure.query_knowledgebases": azure_cqa.Failure,
    "azure.generate_answer": qna_maker.Failure,
}
"""By endpoint or blueprint, the failures of doors that word them as their vendor does."""

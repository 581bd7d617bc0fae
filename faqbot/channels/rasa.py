"""Rasa's REST channel: `{"sender", "message"}` in, an array of messages out.

Shapes as in Rasa's `rasa/core/channels/rest.py` and `channel.py`: text is split at blank lines, choices are buttons
whose payload comes back as the next message, and a stream is one JSON object per line without a `data:` prefix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

from typing_extensions import TypedDict

from faqbot.channels.plain_text import offers, words_of
from faqbot.formats import safe_answer
from faqbot.services.values.replies import Reply

_NOBODY = "default"
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


class MessageBody(TypedDict):
    """What a client sends."""

    message: str
    sender: NotRequired[str]


class _Button(TypedDict):
    title: str
    payload: str


class Message(TypedDict):
    """What a client shows."""

    recipient_id: str
    text: str
    buttons: NotRequired[list[_Button]]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a client sent.

    Attributes:
        sender: Comes back as `recipient_id`.
        text: Empty where the client sent none.
    """

    sender: str
    text: str

    @property
    def session_id(self) -> str:
        """The conversation; empty for the default sender, whom many strangers share."""
        return "" if self.sender == _NOBODY else self.sender


def read_message(body: object) -> Incoming:
    """Read a request; what is missing or no text becomes Rasa's default sender and an empty text."""
    fields = body if isinstance(body, dict) else {}
    sender, text = fields.get("sender"), fields.get("message")
    return Incoming(
        sender=sender if isinstance(sender, str) and sender else _NOBODY,
        text=text if isinstance(text, str) else "",
    )


def reply_messages(reply: Reply, sender: str) -> list[Message]:
    """A reply as messages; suggestions, and what may be asked next, are buttons under the last one."""
    messages = text_messages("\n\n".join((words_of(reply), *reply.attachments)), sender)
    offered = offers(reply)
    if offered:
        messages[-1]["buttons"] = [{"title": text, "payload": text} for text in offered]
    return messages


def text_messages(text: str, sender: str) -> list[Message]:
    """One message per paragraph, at least one."""
    parts = [part for part in _BLANK_LINES.split(safe_answer(text)) if part]
    return [{"recipient_id": sender, "text": part} for part in parts or [""]]


def stream_lines(messages: Sequence[Message]) -> list[str]:
    """The body of a streamed reply, one JSON object per line."""
    return [json.dumps(message, ensure_ascii=False) + "\n" for message in messages]

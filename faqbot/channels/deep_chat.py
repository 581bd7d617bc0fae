"""Deep Chat's messages (github.com/OvidijusParsiunas/deep-chat).

Three things that its clients do decide the shapes here. An empty array leaves the loading dots for ever and an empty
object shows a developer's message to the customer: neither is ever sent. `html` is put into the page as it is: only
our own buttons travel there, with their texts escaped; answers travel as `text`, which Deep Chat reads as Markdown and
whose `[label](javascript:...)` it would keep: they are sanitised when they enter, and here once more.
A stream may hold `text` or `html`, never both.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

from typing_extensions import TypedDict

from faqbot.channels.plain_text import offers, words_of
from faqbot.formats import safe_answer
from faqbot.services.values.replies import Reply

_BUTTON_CLASSES = "deep-chat-button deep-chat-suggestion-button"
_NO_TEXT = "…"


class _Said(TypedDict):
    role: NotRequired[str]
    text: NotRequired[str]


class MessageBody(TypedDict):
    """What a widget sends."""

    messages: list[_Said]
    session_id: NotRequired[str]


class Message(TypedDict):
    """What a widget shows."""

    text: NotRequired[str]
    html: NotRequired[str]


class Failure(TypedDict):
    """An error that a widget shows as one."""

    error: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a widget sent.

    Attributes:
        text: The customer's newest text; empty where there is none.
        session_id: What the page put there with Deep Chat's `additionalBodyProps`; empty where it put nothing.
    """

    text: str
    session_id: str


def read_message(body: object) -> Incoming:
    """Read a request; what is missing or no text becomes empty."""
    fields = body if isinstance(body, dict) else {}
    messages, session_id = fields.get("messages"), fields.get("session_id")
    return Incoming(
        text=_newest_text(messages if isinstance(messages, list) else []),
        session_id=session_id if isinstance(session_id, str) else "",
    )


def _newest_text(messages: Sequence[object]) -> str:
    for message in reversed(messages):
        if isinstance(message, dict) and message.get("role", "user") == "user":
            text = message.get("text")
            return text if isinstance(text, str) else ""
    return ""


def reply_message(reply: Reply) -> Message:
    """A reply as one message; suggestions, and what may follow an answer, are buttons that send their text."""
    message = text_message("\n\n".join((words_of(reply), *reply.attachments)))
    offered = offers(reply)
    if offered:
        message["html"] = _buttons(offered)
    return message


def text_message(text: str) -> Message:
    """A message that is not empty even where the text is."""
    return {"text": safe_answer(text) or _NO_TEXT}


def error_message(sentence: str) -> Failure:
    """An error that Deep Chat shows as one."""
    return {"error": sentence}


def reply_events(reply: Reply) -> list[str]:
    """The body of a streamed reply; what may be asked after an answer is left out, as it would not be text."""
    if reply.verdict != "suggest":
        return events(text_message("\n\n".join((words_of(reply), *reply.attachments))))
    words = html.escape(words_of(reply)).replace("\n", "<br>")
    return events({"html": f"<p>{words}</p>{_buttons(offers(reply))}"})


def events(message: Message | Failure) -> list[str]:
    """One message as server-sent events, closed by `[DONE]`."""
    return [f"data: {json.dumps(message, ensure_ascii=False)}\n\n", "data: [DONE]\n\n"]


def _buttons(texts: Sequence[str]) -> str:
    return "".join(f'<button class="{_BUTTON_CLASSES}">{html.escape(text)}</button>' for text in texts)

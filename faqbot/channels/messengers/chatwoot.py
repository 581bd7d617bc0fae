"""Chatwoot's agent bots: which events to answer, and what the answers look like in its API.

Shapes as in Chatwoot's `agent_bot_listener.rb` and the messages API.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faqbot.channels.plain_text import text_with_follow_ups, words_of
from faqbot.services.values.messages import MessageLanguage, message
from faqbot.services.values.replies import Reply, Suggestion

Json = dict[str, object]

TIMESTAMP_HEADER = "X-Chatwoot-Timestamp"
SIGNATURE_HEADER = "X-Chatwoot-Signature"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A customer's message that the bot has to answer.

    Attributes:
        delivery_id: Made of Chatwoot's ids of account and message. It stays the same over retries, like the header
            `X-Chatwoot-Delivery`; unlike that it is signed, and older servers send it too.
        account: Chatwoot's id.
        conversation: Chatwoot's id.
        text: Empty where the customer sent only files.
    """

    delivery_id: str
    account: int
    conversation: int
    text: str

    @property
    def session_id(self) -> str:
        """The conversation, for limits and the log."""
        return f"{self.account}/{self.conversation}"


def read_event(body: object) -> Incoming | None:
    """Read an event; None for all that is no business of the bot's.

    Answered are messages of customers, and their choices from a list of ours, while the conversation is the bot's
    (`pending`): never outgoing or private ones, and nothing once a person has taken over.
    """
    if not isinstance(body, dict):
        return None
    conversation, account = body.get("conversation"), body.get("account")
    if not isinstance(conversation, dict) or conversation.get("status") != "pending" or body.get("private"):
        return None
    numbers = (_id(account), _id(conversation), body.get("id"))
    text = _text(body)
    if text is None or not all(isinstance(number, int) for number in numbers):
        return None
    delivery_id = f"{body['event']}-{numbers[0]}-{numbers[2]}"
    return Incoming(delivery_id, int(str(numbers[0])), int(str(numbers[1])), text)


def reply_message(reply: Reply) -> Json:
    """A reply as a message; suggestions as a list to choose from."""
    if reply.verdict == "suggest":
        return _choice(words_of(reply), reply.suggestions)
    return text_message(text_with_follow_ups(reply))


def text_message(text: str) -> Json:
    """Any text as a message."""
    return {"content": text, "message_type": "outgoing", "private": False, "content_type": "text"}


def handoff_message(language: MessageLanguage, *, unanswered: bool) -> Json:
    """What the customer reads when a person takes over: asked for, or because there is no answer."""
    return text_message(message("handoff_unanswered" if unanswered else "handoff", language))


def _choice(text: str, suggestions: Sequence[Suggestion]) -> Json:
    items = [{"title": one.question, "value": one.question} for one in suggestions]
    return {**text_message(text), "content_type": "input_select", "content_attributes": {"items": items}}


def _text(body: dict[str, object]) -> str | None:
    if body.get("event") == "message_created" and body.get("message_type") == "incoming":
        content = body.get("content")
        return content if isinstance(content, str) else ""
    if body.get("event") == "message_updated" and body.get("content_type") == "input_select":
        attributes = body.get("content_attributes")
        chosen = attributes.get("submitted_values") if isinstance(attributes, dict) else None
        first = chosen[0] if isinstance(chosen, list) and chosen else None
        value = first.get("value") if isinstance(first, dict) else None
        return value if isinstance(value, str) else None
    return None


def _id(part: object) -> object:
    return part.get("id") if isinstance(part, dict) else None

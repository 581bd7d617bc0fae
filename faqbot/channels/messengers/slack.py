"""Slack's Events API and its buttons: which events to answer, and what answers look like.

Slack writes links and bold text in its own way (mrkdwn), and three characters as entities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from faqbot.channels.plain_text import text_with_follow_ups, with_attachments
from faqbot.channels.signatures import check_timestamp
from faqbot.errors import BadSignature
from faqbot.language import _
from faqbot.services.values.replies import Reply

Json = dict[str, object]

TIMESTAMP_HEADER = "X-Slack-Request-Timestamp"
SIGNATURE_HEADER = "X-Slack-Signature"

# Limits of Slack's blocks, in characters.
_LONGEST_TEXT = 3000
_LONGEST_BUTTON = 75
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)]+)\)")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message to answer.

    Attributes:
        delivery_id: Slack's id of the event, the same over its retries.
        channel: Slack's id of the place to answer in.
        thread: Timestamp of the message to answer below; empty in a direct conversation.
        user: Slack's id of who wrote.
        text: Without the mention of the bot.
    """

    delivery_id: str
    channel: str
    thread: str
    user: str
    text: str

    @property
    def session_id(self) -> str:
        """The conversation, for limits and the log."""
        return f"{self.channel}/{self.user}"


def check_signature(secret: str, timestamp: str, signature: str, body: bytes, now: float) -> None:
    """Make sure that Slack sent a body, and lately; by Slack's own library.

    Raises:
        BadSignature: It did not.
    """
    from slack_sdk.signature import SignatureVerifier

    check_timestamp(timestamp, now)
    # The library compares text, which may hold no other characters.
    if not signature.isascii() or not SignatureVerifier(secret).is_valid(body, timestamp, signature):
        raise BadSignature(_("The signature does not fit; set the signing secret of this very Slack app."))


def read_challenge(body: object) -> str | None:
    """What Slack wants to hear when it verifies an address; None where it verifies none."""
    if isinstance(body, dict) and body.get("type") == "url_verification":
        return str(body.get("challenge", ""))
    return None


def read_event(body: object) -> Incoming | None:
    """Read an event; None for all but direct messages and mentions that people wrote."""
    event = body.get("event") if isinstance(body, dict) and body.get("type") == "event_callback" else None
    # Our own replies come back as events too, with `bot_id`; edits and the like have a `subtype`.
    if not isinstance(body, dict) or not isinstance(event, dict) or event.get("bot_id") or event.get("subtype"):
        return None
    is_direct = event.get("type") == "message" and event.get("channel_type") == "im"
    if not is_direct and event.get("type") != "app_mention":
        return None
    thread = event.get("thread_ts") or ("" if is_direct else event.get("ts", ""))
    return _incoming(body.get("event_id"), event.get("channel"), thread, event.get("user"), event.get("text"))


def read_choice(payload: object) -> Incoming | None:
    """Read a click on one of our buttons; None for anything else."""
    if not isinstance(payload, dict) or payload.get("type") != "block_actions":
        return None
    actions, container = payload.get("actions"), payload.get("container")
    action = actions[0] if isinstance(actions, list) and actions else None
    if not isinstance(action, dict) or not isinstance(container, dict):
        return None
    user = payload.get("user")
    return _incoming(
        payload.get("trigger_id"),
        container.get("channel_id"),
        container.get("thread_ts") or "",
        user.get("id") if isinstance(user, dict) else None,
        action.get("value"),
    )


def reply_message(reply: Reply | str, incoming: Incoming) -> Json:
    """A reply, or a sentence of ours, as `chat.postMessage` takes it; suggestions as buttons."""
    text = reply if isinstance(reply, str) else text_with_follow_ups(reply)
    body: Json = {"channel": incoming.channel, "text": mrkdwn(text)}
    if incoming.thread:
        body["thread_ts"] = incoming.thread
    if isinstance(reply, Reply) and reply.verdict == "suggest":
        section = {
            "type": "section",
            "text": {"type": "mrkdwn", "text": mrkdwn(with_attachments(reply))[:_LONGEST_TEXT]},
        }
        buttons = [
            {
                "type": "button",
                "action_id": f"suggestion-{number}",
                "text": {"type": "plain_text", "text": one.question[:_LONGEST_BUTTON]},
                "value": one.question[:2000],
            }
            for number, one in enumerate(reply.suggestions)
        ]
        body["blocks"] = [section, {"type": "actions", "elements": buttons}]
    return body


def mrkdwn(markdown: str) -> str:
    """Markdown as Slack writes it."""
    for entity, character in reversed(_ENTITIES):
        markdown = markdown.replace(character, entity)
    return _BOLD.sub(r"*\1*", _LINK.sub(r"<\2|\1>", markdown))


def _incoming(delivery_id: object, channel: object, thread: object, user: object, text: object) -> Incoming | None:
    if not isinstance(delivery_id, str) or not isinstance(channel, str) or not delivery_id or not channel:
        return None
    words = _MENTION.sub("", text) if isinstance(text, str) else ""
    for entity, character in _ENTITIES:
        words = words.replace(entity, character)
    return Incoming(delivery_id, channel, str(thread), str(user or ""), words.strip())

"""Feishu and Lark: encrypted events in, messages out.

The vendor's own library does this too, and loads two thousand modules for it; the two formulas are a checksum and one
cipher, which `cryptography` computes. Tests hold them to the vendor's library.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

from faqbot.channels.plain_text import text_with_follow_ups
from faqbot.channels.signatures import check_timestamp
from faqbot.contract import parse_json
from faqbot.errors import BadSignature
from faqbot.language import _
from faqbot.services.values.replies import Reply

Json = dict[str, object]

TIMESTAMP_HEADER = "X-Lark-Request-Timestamp"
NONCE_HEADER = "X-Lark-Request-Nonce"
SIGNATURE_HEADER = "X-Lark-Signature"

_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message to answer.

    Attributes:
        delivery_id: Lark's id of the event, the same over its retries.
        message: Lark's id of the message, which is replied to.
        chat: Lark's id of the conversation.
        user: Lark's id of who wrote.
        text: Without the mention of the bot; empty where the message is no text.
    """

    delivery_id: str
    message: str
    chat: str
    user: str
    text: str

    @property
    def session_id(self) -> str:
        """The conversation, for limits and the log."""
        return f"{self.chat}/{self.user}"


def signature_of(encrypt_key: str, timestamp: str, nonce: str, body: bytes) -> str:
    """SHA-256 over time, nonce, key and body, in hex."""
    return hashlib.sha256(f"{timestamp}{nonce}{encrypt_key}".encode("utf-8", "surrogatepass") + body).hexdigest()


def check_signature(encrypt_key: str, timestamp: str, nonce: str, signature: str, body: bytes, now: float) -> None:
    """Make sure that Lark sent a body, and lately.

    Raises:
        BadSignature: It did not.
    """
    check_timestamp(timestamp, now)
    expected = signature_of(encrypt_key, timestamp, nonce, body)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogatepass")):
        raise BadSignature(_("The signature does not fit; set the encrypt key of this very app."))


def decrypt(encrypt_key: str, body: object) -> Json:
    """What an encrypted body holds.

    Raises:
        BadSignature: It is not encrypted with this key.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    refused = BadSignature(_("The event is not encrypted with the encrypt key of this app."))
    try:
        sealed = base64.b64decode(body["encrypt"], validate=True) if isinstance(body, dict) else b""
        key = hashlib.sha256(encrypt_key.encode()).digest()
        opened = Cipher(algorithms.AES256(key), modes.CBC(sealed[:_BLOCK])).decryptor()
        padded = opened.update(sealed[_BLOCK:]) + opened.finalize()
        unpadded = PKCS7(8 * _BLOCK).unpadder()
        value = parse_json(unpadded.update(padded) + unpadded.finalize())
    except (KeyError, TypeError, ValueError):
        raise refused from None
    if not isinstance(value, dict):
        raise refused
    return value


def read_challenge(event: Json) -> str | None:
    """What Lark wants to hear when it verifies an address; None where it verifies none."""
    return str(event.get("challenge", "")) if event.get("type") == "url_verification" else None


def read_event(event: Json) -> Incoming | None:
    """Read a decrypted event; None for all but people's messages to the bot, or in a group with its name."""
    header, content = event.get("header"), event.get("event")
    if not isinstance(header, dict) or header.get("event_type") != "im.message.receive_v1":
        return None
    message = content.get("message") if isinstance(content, dict) else None
    sender = content.get("sender") if isinstance(content, dict) else None
    if not isinstance(message, dict) or not isinstance(sender, dict) or sender.get("sender_type") != "user":
        return None
    if message.get("chat_type") != "p2p" and not message.get("mentions"):
        return None
    ids = sender.get("sender_id")
    named = (header.get("event_id"), message.get("message_id"), message.get("chat_id"))
    if not all(isinstance(one, str) and one for one in named):
        return None
    user = str(ids.get("open_id", "")) if isinstance(ids, dict) else ""
    return Incoming(str(named[0]), str(named[1]), str(named[2]), user, _text(message))


def reply_message(reply: Reply | str, incoming: Incoming) -> Json:
    """A reply, or a sentence of ours, as the reply API takes it; Lark drops a second one with the same `uuid`."""
    text = reply if isinstance(reply, str) else text_with_follow_ups(reply)
    content = json.dumps({"text": text}, ensure_ascii=False)
    return {
        "msg_type": "text",
        "content": content,
        "uuid": hashlib.sha256(incoming.delivery_id.encode()).hexdigest()[:40],
    }


def _text(message: Json) -> str:
    if message.get("message_type") != "text":
        return ""
    try:
        text = parse_json(str(message.get("content")))["text"]
    except (ValueError, KeyError, TypeError):
        return ""
    if not isinstance(text, str):
        return ""
    mentions = message.get("mentions")
    for mention in mentions if isinstance(mentions, list) else []:
        if isinstance(mention, dict):
            text = text.replace(str(mention.get("key")), "")
    return text.strip()

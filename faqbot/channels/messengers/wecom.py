"""企业微信 (WeCom) and 微信客服: sealed callbacks in, messages out.

wechatpy opens what WeCom sealed. Of 微信客服 the callback says only that there is something to fetch.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from faqbot.channels.plain_text import text_with_follow_ups, with_attachments
from faqbot.channels.signatures import check_timestamp
from faqbot.errors import BadSignature
from faqbot.language import _
from faqbot.services.values.replies import Reply

Json = dict[str, Any]

OLDEST_SECONDS = 3600
"""A customer's message that was fetched later than this is left to people: an answer would come out of the blue."""

# WeCom cuts a text after 2048 bytes.
_LONGEST_BYTES = 2048
_FROM_CUSTOMER = 3


@dataclass(frozen=True, slots=True)
class Seal:
    """What a callback's address carries, and the secrets that it is checked with.

    Attributes:
        token: Both sides know it; part of the signature.
        aes_key: EncodingAESKey, 43 letters.
        corp_id: Inside every sealed text.
        signature: `msg_signature`.
        timestamp: Unix seconds.
        nonce: As it came.
    """

    token: str
    aes_key: str
    corp_id: str
    signature: str
    timestamp: str
    nonce: str

    def open(self, sealed: str, now: float) -> str:
        """The text inside.

        Raises:
            BadSignature: WeCom did not send it, or not lately, or to somebody else.
        """
        from wechatpy.enterprise.crypto import WeChatCrypto

        check_timestamp(self.timestamp, now)
        signed = "".join(sorted((self.token, self.timestamp, self.nonce, sealed)))
        expected = hashlib.sha1(signed.encode("utf-8", "surrogatepass")).hexdigest()  # noqa: S324  # WeCom's choice
        if not hmac.compare_digest(expected.encode(), self.signature.encode("utf-8", "surrogatepass")):
            raise BadSignature(_("The signature does not fit; set the token of this very callback."))
        try:
            crypto = WeChatCrypto(self.token, self.aes_key, self.corp_id)
            opened: str = crypto.check_signature(self.signature, self.timestamp, self.nonce, sealed)
        except Exception:
            # Its ways to fail on other people's texts are many: of the cipher, of structures, of characters.
            raise BadSignature(
                _("The text does not open; set the EncodingAESKey and the corp id of this app.")
            ) from None
        return opened


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message to answer.

    Attributes:
        delivery_id: WeCom's id of the message, the same over its retries.
        user: Who wrote.
        account: Of 微信客服, the account that was written to; empty for a message to the app.
        text: Empty where the message is no text.
    """

    delivery_id: str
    user: str
    account: str
    text: str

    @property
    def session_id(self) -> str:
        """The conversation, for limits and the log."""
        return f"{self.account}/{self.user}"


@dataclass(frozen=True, slots=True)
class Notice:
    """There are messages of 微信客服 to fetch.

    Attributes:
        token: Opens the fetching for ten minutes.
        account: Whose messages.
    """

    token: str
    account: str


def sealed_part(body: bytes) -> str:
    """The sealed text of a callback's body.

    Raises:
        BadSignature: There is none.
    """
    sealed = _fields(body).get("Encrypt")
    if not isinstance(sealed, str):
        raise BadSignature(_("The body is no sealed message of WeCom."))
    return sealed


def read_callback(opened: str) -> Incoming | Notice | None:
    """Read an opened callback; None for what needs no answer."""
    fields = _fields(opened.encode())
    kind, user = fields.get("MsgType"), fields.get("FromUserName")
    if kind == "event" and fields.get("Event") == "kf_msg_or_event":
        return Notice(str(fields.get("Token", "")), str(fields.get("OpenKfId", "")))
    if kind == "event" or not isinstance(user, str):
        return None
    number = fields.get("MsgId") or f"{user}-{fields.get('CreateTime')}"
    text = fields.get("Content") if kind == "text" else ""
    return Incoming(str(number), user, "", text if isinstance(text, str) else "")


def read_fetched(message: Json, now: float) -> Incoming | None:
    """Read one fetched message of 微信客服; None for what customers did not write, and for what is too old."""
    if message.get("origin") != _FROM_CUSTOMER or message.get("msgtype") == "event":
        return None
    sent, text = message.get("send_time"), message.get("text")
    if not isinstance(sent, int) or now - sent > OLDEST_SECONDS:
        return None
    named = (message.get("msgid"), message.get("external_userid"), message.get("open_kfid"))
    if not all(isinstance(one, str) and one for one in named):
        return None
    content = text.get("content", "") if isinstance(text, dict) else ""
    return Incoming(str(named[0]), str(named[1]), str(named[2]), str(content))


def app_message(reply: Reply | str, incoming: Incoming, agent_id: int) -> Json:
    """A reply, or a sentence of ours, as `message/send` takes it; WeCom drops a second one within half an hour."""
    text = reply if isinstance(reply, str) else text_with_follow_ups(reply)
    return {
        "touser": incoming.user,
        "msgtype": "text",
        "agentid": agent_id,
        "text": {"content": _shortened(text)},
        "enable_duplicate_check": 1,
    }


def customer_message(reply: Reply | str, incoming: Incoming) -> Json:
    """The same as `kf/send_msg` takes it; suggestions as a menu. WeCom drops a second one with the same `msgid`."""
    head = {
        "touser": incoming.user,
        "open_kfid": incoming.account,
        "msgid": hashlib.sha256(incoming.delivery_id.encode()).hexdigest()[:32],
    }
    if isinstance(reply, Reply) and reply.verdict == "suggest":
        choices = [
            {"type": "click", "click": {"id": str(number), "content": one.question[:128]}}
            for number, one in enumerate(reply.suggestions[:10], start=1)
        ]
        question = _shortened(with_attachments(reply), 1024)
        return {**head, "msgtype": "msgmenu", "msgmenu": {"head_content": question, "list": choices}}
    text = reply if isinstance(reply, str) else text_with_follow_ups(reply)
    return {**head, "msgtype": "text", "text": {"content": _shortened(text)}}


def _shortened(text: str, longest: int = _LONGEST_BYTES) -> str:
    if len(text.encode()) <= longest:
        return text
    return text.encode()[: longest - 3].decode("utf-8", "ignore") + "…"


def _fields(xml: bytes) -> Mapping[str, object]:
    from xml.parsers.expat import ExpatError

    import xmltodict

    try:
        root = xmltodict.parse(xml)
    except (ExpatError, ValueError):
        return {}
    fields = root.get("xml")
    return fields if isinstance(fields, dict) else {}

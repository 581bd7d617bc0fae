"""An app of Feishu or Lark: its events, acknowledged within a second."""

from __future__ import annotations

from functools import lru_cache
from time import time

from apiflask import APIBlueprint
from flask import request

from faqbot.channels.messengers import lark
from faqbot.delivery.lark import LarkBot
from faqbot.errors import ChannelOff
from faqbot.language import _
from faqbot.services.values.messages import MessageLanguage
from faqbot.web.channels.background import take_on
from faqbot.web.channels.signed import need_library, secret_of
from faqbot.web.current import origin, services, settings

blueprint = APIBlueprint("lark", __name__)


@blueprint.post("/channels/lark")
def event() -> dict[str, str]:
    """Accept an event; `status` says whether it will be answered, was answered before, or is not for the bot."""
    need_library("cryptography")
    encrypt_key, app_secret = secret_of("lark_encrypt_key"), secret_of("lark_app_secret")
    app_id = settings().channels.lark_app_id
    if not app_id:
        raise ChannelOff(_("This channel does not know its app yet: set `channels.lark_app_id`."))
    event = lark.decrypt(encrypt_key, request.get_json(force=True))
    challenge = lark.read_challenge(event)
    if challenge is not None:
        # Lark verifies an address before it signs anything; that it knows the key is proof enough for an echo.
        return {"challenge": challenge}
    headers = request.headers
    timestamp, nonce = headers.get(lark.TIMESTAMP_HEADER, ""), headers.get(lark.NONCE_HEADER, "")
    signature = headers.get(lark.SIGNATURE_HEADER, "")
    lark.check_signature(encrypt_key, timestamp, nonce, signature, request.get_data(), time())
    incoming = lark.read_event(event)
    if incoming is None:
        return {"status": "ignored"}
    bot = _bot(settings().channels.lark_url, app_id, app_secret, settings().web.language)
    answering, asked = services().answering, origin("lark", incoming.session_id)
    return {"status": take_on(asked, incoming.delivery_id, lambda: bot.respond(incoming, answering, asked))}


@lru_cache(maxsize=4)
def _bot(url: str, app_id: str, app_secret: str, language: MessageLanguage) -> LarkBot:
    """One bot for all events, so that its access token and its connections are used again."""
    return LarkBot(url, app_id, app_secret, language)

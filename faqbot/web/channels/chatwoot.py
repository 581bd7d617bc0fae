"""Chatwoot's agent bot: its webhook, acknowledged within Chatwoot's five seconds whatever the reply takes."""

from __future__ import annotations

import hmac
from functools import lru_cache
from time import time

from apiflask import APIBlueprint
from flask import request

from faqbot.channels.messengers import chatwoot
from faqbot.channels.signatures import check_signature
from faqbot.delivery.chatwoot import ChatwootBot
from faqbot.errors import ChannelOff
from faqbot.language import _
from faqbot.services.values.messages import MessageLanguage
from faqbot.web.channels.background import take_on
from faqbot.web.channels.signed import secret_of
from faqbot.web.current import origin, services, settings

blueprint = APIBlueprint("chatwoot", __name__)


@blueprint.post("/channels/chatwoot")
def event() -> dict[str, str]:
    """Accept an event; `status` says whether it will be answered, was answered before, or is not for the bot."""
    _check_sender(secret_of("chatwoot_secret"))
    token, url = secret_of("chatwoot_token"), settings().channels.chatwoot_url
    if not url:
        raise ChannelOff(_("This channel does not know its Chatwoot yet: set `channels.chatwoot_url`."))
    incoming = chatwoot.read_event(request.get_json(force=True))
    if incoming is None:
        return {"status": "ignored"}
    bot = _bot(url, token, settings().web.language)
    answering, asked = services().answering, origin("chatwoot", incoming.session_id)
    return {"status": take_on(asked, incoming.delivery_id, lambda: bot.respond(incoming, answering, asked))}


@lru_cache(maxsize=4)
def _bot(url: str, token: str, language: MessageLanguage) -> ChatwootBot:
    """One bot for all events, so that connections to Chatwoot are used again."""
    return ChatwootBot(url, token, language)


def _check_sender(secret: str) -> None:
    # Chatwoot before 4.11 signs nothing: there the secret stands in the bot's address, where somebody has to allow it.
    token = request.args.get("token", "")
    if settings().channels.chatwoot_unsigned and hmac.compare_digest(token.encode(), secret.encode()):
        return
    headers = request.headers
    timestamp, signature = headers.get(chatwoot.TIMESTAMP_HEADER, ""), headers.get(chatwoot.SIGNATURE_HEADER, "")
    check_signature(secret, timestamp, signature, request.get_data(), time())

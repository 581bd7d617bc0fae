"""An app of 企业微信 (WeCom), or 微信客服: its callback, acknowledged within five seconds."""

from __future__ import annotations

from functools import lru_cache
from time import time

from apiflask import APIBlueprint
from flask import Response, current_app, g, request

from faqbot.channels.messengers.wecom import Incoming, Notice, Seal, read_callback, sealed_part
from faqbot.delivery.wecom import WecomBot
from faqbot.errors import ChannelOff, TooManyRequests
from faqbot.language import _
from faqbot.services.values.messages import MessageLanguage
from faqbot.web.channels.background import take_on
from faqbot.web.channels.signed import need_library, secret_of
from faqbot.web.current import origin, outbox, services, settings

blueprint = APIBlueprint("wecom", __name__)


@blueprint.get("/channels/wecom")
def verify() -> Response:
    """Prove to WeCom that this address knows the secrets, by opening what WeCom sealed."""
    return Response(_seal().open(request.args.get("echostr", ""), time()), mimetype="text/plain")


@blueprint.post("/channels/wecom")
def callback() -> Response:
    """Accept a message, or the notice that messages can be fetched."""
    incoming = read_callback(_seal().open(sealed_part(request.get_data()), time()))
    chosen = settings().channels
    secret = secret_of("wecom_secret")
    bot = _bot(chosen.wecom_url, _corp_id(), secret, chosen.wecom_agent_id, settings().web.language)
    if isinstance(incoming, Incoming):
        _answer(bot, incoming)
    elif isinstance(incoming, Notice):
        _fetch(bot, incoming)
    return Response("success", mimetype="text/plain")


def _answer(bot: WecomBot, incoming: Incoming) -> None:
    answering, asked = services().answering, origin("wecom", incoming.session_id)
    take_on(asked, incoming.delivery_id, lambda: bot.respond(incoming, answering, asked))


def _fetch(bot: WecomBot, notice: Notice) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def take(incoming: Incoming) -> None:
        with app.app_context():
            # The notice was signed; the messages that it led to are WeCom's own, and of no request.
            g.is_signed = True
            _answer(bot, incoming)

    if not outbox().accept(f"Messages of {notice.account}", lambda: bot.fetch(notice, take)):
        raise TooManyRequests(_("Too many replies are waiting to be sent; send this again in a few seconds."))


def _seal() -> Seal:
    need_library("wechatpy")
    arguments = request.args
    return Seal(
        token=secret_of("wecom_token"),
        aes_key=secret_of("wecom_aes_key"),
        corp_id=_corp_id(),
        signature=arguments.get("msg_signature", ""),
        timestamp=arguments.get("timestamp", ""),
        nonce=arguments.get("nonce", ""),
    )


def _corp_id() -> str:
    corp_id = settings().channels.wecom_corp_id
    if not corp_id:
        raise ChannelOff(_("This channel does not know its company yet: set `channels.wecom_corp_id`."))
    return corp_id


@lru_cache(maxsize=4)
def _bot(url: str, corp_id: str, secret: str, agent_id: int, language: MessageLanguage) -> WecomBot:
    """One bot for all callbacks, so that its access token and its connections are used again."""
    return WecomBot(url, corp_id, secret, agent_id, language)

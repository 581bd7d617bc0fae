"""A Slack app: its events and its buttons, acknowledged within Slack's three seconds."""

from __future__ import annotations

from functools import lru_cache
from time import time

from apiflask import APIBlueprint
from flask import current_app, request

from faqbot.channels.messengers import slack
from faqbot.delivery.slack import SlackBot
from faqbot.errors import InvalidRequest
from faqbot.language import _
from faqbot.services.values.messages import MessageLanguage
from faqbot.web.channels.background import take_on
from faqbot.web.channels.signed import need_library, secret_of
from faqbot.web.current import origin, services, settings

blueprint = APIBlueprint("slack", __name__)


@blueprint.post("/channels/slack")
def event() -> dict[str, str]:
    """Accept an event or a click; `status` says whether it will be answered, was before, or is not for the bot."""
    need_library("slack_sdk")
    secret, token = secret_of("slack_signing_secret"), secret_of("slack_token")
    headers, content = request.headers, request.get_data()
    timestamp, signature = headers.get(slack.TIMESTAMP_HEADER, ""), headers.get(slack.SIGNATURE_HEADER, "")
    slack.check_signature(secret, timestamp, signature, content, time())
    if request.mimetype == "application/x-www-form-urlencoded":
        incoming = slack.read_choice(_form_payload())
    else:
        body = request.get_json(force=True)
        challenge = slack.read_challenge(body)
        if challenge is not None:
            return {"challenge": challenge}
        incoming = slack.read_event(body)
    if incoming is None:
        return {"status": "ignored"}
    bot = _bot(settings().channels.slack_url, token, settings().web.language)
    answering, asked = services().answering, origin("slack", incoming.session_id)
    return {"status": take_on(asked, incoming.delivery_id, lambda: bot.respond(incoming, answering, asked))}


def _form_payload() -> object:
    try:
        return current_app.json.loads(request.form.get("payload", ""))
    except ValueError:
        raise InvalidRequest(_("The form's `payload` is no JSON.")) from None


@lru_cache(maxsize=4)
def _bot(url: str, token: str, language: MessageLanguage) -> SlackBot:
    """One bot for all events, so that connections to Slack are used again."""
    return SlackBot(url, token, language)

"""Answering in Slack."""

from __future__ import annotations

from faqbot.channels.messengers import slack
from faqbot.channels.messengers.slack import Incoming
from faqbot.delivery.asking import reply_or_sentence
from faqbot.delivery.vendor_api import VendorApi
from faqbot.errors import VendorFailed
from faqbot.language import _
from faqbot.services.answering.answering import AnswerService
from faqbot.services.values.messages import MessageLanguage
from faqbot.services.values.origin import Origin


class SlackBot:
    """One Slack app."""

    def __init__(self, url: str, token: str, language: MessageLanguage) -> None:
        """Bind Slack's address and the app's bot token; `language` where a text does not tell."""
        self._api = VendorApi(url, {"Authorization": f"Bearer {token}"})
        self._language = language

    def respond(self, incoming: Incoming, answering: AnswerService, origin: Origin) -> None:
        """Answer a message where it was written.

        Raises:
            VendorFailed: Slack did not take the reply.
        """
        reply = reply_or_sentence(incoming.text, origin, answering, self._language)
        answered = self._api.post("/api/chat.postMessage", slack.reply_message(reply, incoming))
        if not answered.get("ok"):
            raise VendorFailed(_("Slack refused the reply: {reason}.", reason=answered.get("error", "no reason given")))

"""Answering conversations of a Chatwoot, and handing them over to its people."""

from __future__ import annotations

from faqbot.channels.messengers import chatwoot
from faqbot.channels.messengers.chatwoot import Incoming
from faqbot.channels.sentences import apology, mendable, text_only
from faqbot.delivery.vendor_api import VendorApi
from faqbot.errors import FaqbotError
from faqbot.services.answering.answering import AnswerService
from faqbot.services.conversation.handoff import wants_person
from faqbot.services.values.messages import MessageLanguage, language_of, message_language
from faqbot.services.values.origin import Origin


class ChatwootBot:
    """One agent bot."""

    def __init__(self, url: str, token: str, language: MessageLanguage) -> None:
        """Bind the Chatwoot at an address, with the bot's access token; `language` where a text does not tell."""
        self._api = VendorApi(url, {"api_access_token": token})
        self._language = language

    def respond(self, incoming: Incoming, answering: AnswerService, origin: Origin) -> None:
        """Answer a message; a request for a person, and a question without an answer, open the conversation.

        Raises:
            VendorFailed: Chatwoot did not take the message.
        """
        language = self._language_of(incoming.text)
        if not incoming.text.strip():
            self._say(incoming, chatwoot.text_message(text_only(language)))
        elif wants_person(incoming.text):
            self._hand_over(incoming, chatwoot.handoff_message(language, unanswered=False))
        else:
            self._answer(incoming, answering, origin, language)

    def _answer(self, incoming: Incoming, answering: AnswerService, origin: Origin, language: MessageLanguage) -> None:
        try:
            reply = answering.ask(incoming.text, origin=origin)
        except FaqbotError as error:
            sentence = chatwoot.text_message(apology(error, language))
            if mendable(error):
                self._say(incoming, sentence)
                return
            # Nobody is waiting for a status: a person has to see the question that we could not even look at.
            self._hand_over(incoming, sentence)
            raise
        if reply.handoff is not None or reply.verdict == "fallback":
            asked = reply.handoff is not None and reply.handoff.reason == "requested"
            self._hand_over(incoming, chatwoot.handoff_message(language, unanswered=not asked))
        else:
            self._say(incoming, chatwoot.reply_message(reply))

    def _hand_over(self, incoming: Incoming, body: chatwoot.Json) -> None:
        # The conversation first: should the sentence get lost, a person is there all the same.
        self._api.post(f"{_path(incoming)}/toggle_status", {"status": "open"})
        self._say(incoming, body)

    def _say(self, incoming: Incoming, body: chatwoot.Json) -> None:
        self._api.post(f"{_path(incoming)}/messages", body)

    def _language_of(self, text: str) -> MessageLanguage:
        return message_language(language_of(text, self._language), self._language)


def _path(incoming: Incoming) -> str:
    return f"/api/v1/accounts/{incoming.account}/conversations/{incoming.conversation}"

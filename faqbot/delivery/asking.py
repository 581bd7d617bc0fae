"""Asking for a door whose caller no longer waits: what goes wrong becomes a sentence for the customer."""

from __future__ import annotations

import logging

from faqbot.channels.sentences import apology, mendable, text_only
from faqbot.errors import FaqbotError
from faqbot.services.answering.answering import AnswerService
from faqbot.services.values.messages import MessageLanguage, language_of, message_language
from faqbot.services.values.origin import Origin
from faqbot.services.values.replies import Reply

_log = logging.getLogger(__name__)


def reply_or_sentence(text: str, origin: Origin, answering: AnswerService, default: MessageLanguage) -> Reply | str:
    """The reply to a customer's text, or the sentence that says why there is none.

    Args:
        text: Empty where the customer sent none, a picture for example.
        origin: The door and the conversation.
        answering: Decides.
        default: Language of sentences where the text does not tell.
    """
    language = message_language(language_of(text, default), default)
    if not text.strip():
        return text_only(language)
    try:
        return answering.ask(text, origin=origin)
    except FaqbotError as error:
        if not mendable(error):
            _log.warning("A message of %s could not be answered: %s", origin.channel, error)
        return apology(error, language)

"""What every door does with a customer's text."""

from __future__ import annotations

from flask import request

from faqbot.errors import QuestionEmpty
from faqbot.language import _
from faqbot.services.values.messages import MessageLanguage, language_of, message_language
from faqbot.services.values.origin import Origin
from faqbot.services.values.replies import Reply
from faqbot.web.current import services, settings
from faqbot.web.middleware.connection import caller
from faqbot.web.middleware.limits import count_session


def answer(text: str, origin: Origin) -> Reply:
    """Answer a customer's message.

    Raises:
        TooManyRequests: The conversation goes too fast.
        QuestionEmpty: Also while the services are starting: an empty message deserves its own sentence even then.
        FaqbotError: As `AnswerService.ask`.
    """
    if not text.strip():
        raise QuestionEmpty(_("The message is empty."))
    count_session(origin)
    return services().answering.ask(text, origin=origin, caller=caller())


def customer_language(text: str) -> MessageLanguage:
    """The language to speak to a customer in: of the text, else what the browser prefers, else the setting."""
    default = settings().web.language
    if text.strip():
        return message_language(language_of(text, default), default)
    accepted = request.accept_languages.best_match(["zh", "en"])
    return message_language(accepted or "", default)

"""What a customer in a chat window reads when a question could not be answered at all."""

from __future__ import annotations

from faqbot.errors import FaqbotError, QuestionEmpty, QuestionTooLong
from faqbot.services.messages import MessageLanguage, message

_TOO_LONG: dict[MessageLanguage, str] = {
    "zh": "您的问题太长了，请用一两句话来描述。",
    "en": "Your question is too long; please put it in one or two sentences.",
}
_TEXT_ONLY: dict[MessageLanguage, str] = {
    "zh": "我只能读文字，请把您的问题打出来。",
    "en": "I can read text only; please type your question.",
}


def apology(error: FaqbotError, language: MessageLanguage) -> str:
    """A sentence for the customer: what to do where they can mend it, else that we are not available."""
    if isinstance(error, QuestionEmpty):
        return message("question_empty", language)
    if isinstance(error, QuestionTooLong):
        return _TOO_LONG[language]
    return message("unavailable", language)


def text_only(language: MessageLanguage) -> str:
    """What to say to an upload."""
    return _TEXT_ONLY[language]


def mendable(error: FaqbotError) -> bool:
    """Whether the customer can mend it, so that the sentence is an ordinary message and no error of ours."""
    return isinstance(error, QuestionEmpty | QuestionTooLong)

"""What a customer in a chat window reads when a question could not be answered at all."""

from __future__ import annotations

from faqbot.errors import FaqbotError, QuestionEmpty, QuestionTooLong, TooManyRequests
from faqbot.services.values.messages import MessageLanguage, message

_TOO_LONG: dict[MessageLanguage, str] = {
    "zh": "您的问题太长了，请用一两句话来描述。",
    "en": "Your question is too long; please put it in one or two sentences.",
}
_TEXT_ONLY: dict[MessageLanguage, str] = {
    "zh": "我只能读文字，请把您的问题打出来。",
    "en": "I can read text only; please type your question.",
}


_TOO_FAST: dict[MessageLanguage, str] = {
    "zh": "您问得有点快，请稍等一会儿再试。",
    "en": "You are asking a little fast; please wait a moment and try again.",
}


def apology(error: FaqbotError, language: MessageLanguage) -> str:
    """A sentence for the customer: what to do where they can mend it, else that we are not available."""
    if isinstance(error, QuestionEmpty):
        return message("question_empty", language)
    if isinstance(error, QuestionTooLong):
        return _TOO_LONG[language]
    if isinstance(error, TooManyRequests):
        return _TOO_FAST[language]
    return message("unavailable", language)


def text_only(language: MessageLanguage) -> str:
    """What to say to an upload."""
    return _TEXT_ONLY[language]


def mendable(error: FaqbotError) -> bool:
    """Whether the customer can mend it, so that the sentence is an ordinary message and no error of ours."""
    return isinstance(error, QuestionEmpty | QuestionTooLong)

"""A text that was sent, made ready to be matched."""

from __future__ import annotations

from faqbot.errors import QuestionEmpty, QuestionTooLong
from faqbot.knowledge import clean, has_content
from faqbot.language import _
from faqbot.passages import split

LONGEST_TEXT = 32_768
"""Characters of a text that is looked up at most: 8192 tokens of English, more of Chinese."""


def read_question(question: str, most: int) -> str:
    """The cleaned text of a question that can be matched.

    Args:
        question: As it was sent.
        most: Characters that are accepted.

    Raises:
        QuestionEmpty: Nothing in it can be matched.
        QuestionTooLong: It has more characters than are accepted.
    """
    _bound_question(question, most)
    text = clean(question)
    # Normalised, one character can become eighteen.
    _bound_question(text, most)
    if not has_content(text):
        raise QuestionEmpty(_("The question is empty; send at least one letter, digit or character."))
    return text


def read_parts(text: str, most: int) -> list[str]:
    """A question whole; a longer text in passages, each cleaned.

    Args:
        text: As it was sent.
        most: Characters of a question.

    Raises:
        QuestionEmpty: Nothing in it can be matched.
        QuestionTooLong: It has more characters than are accepted.
    """
    if len(text) <= most:
        return [read_question(text, most)]
    _bound_text(len(text))
    parts = [clean(text[start:end]) for (start, end), _heading in split(text)]
    _bound_text(sum(map(len, parts)))
    return parts or [read_question("", most)]


def _bound_question(question: str, most: int) -> None:
    if len(question) > most:
        raise QuestionTooLong(
            _(
                "The question has {count} characters; at most {most} are accepted.",
                count=len(question),
                most=most,
            )
        )


def _bound_text(count: int) -> None:
    if count > LONGEST_TEXT:
        raise QuestionTooLong(
            _(
                "The text has {count} characters; at most {most} are accepted.",
                count=count,
                most=LONGEST_TEXT,
            )
        )

"""A reply as one text, for doors that know no buttons."""

from __future__ import annotations

from faqbot.formats import safe_answer
from faqbot.services.replies import Reply


def plain_text(reply: Reply) -> str:
    """The answer with its links; suggestions as a numbered list below it."""
    lines = [with_attachments(reply)]
    if reply.verdict == "suggest":
        lines += [f"{number}. {one.question}" for number, one in enumerate(reply.suggestions, start=1)]
    return "\n".join(lines)


def offers(reply: Reply) -> list[str]:
    """What a door with buttons offers: the suggestions, or after an answer the questions that may follow it."""
    offered = reply.suggestions if reply.verdict == "suggest" else reply.prompts
    return [one.question for one in offered]


def with_attachments(reply: Reply) -> str:
    """The answer, and below it the links that go with it."""
    return "\n".join((safe_answer(reply.answer), *reply.attachments))

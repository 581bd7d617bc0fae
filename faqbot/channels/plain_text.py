"""A reply as one text, for doors that know no buttons."""

from __future__ import annotations

from faqbot.formats import safe_answer
from faqbot.services.values.messages import message, message_language
from faqbot.services.values.replies import Reply


def plain_text(reply: Reply) -> str:
    """The answer with its links; suggestions as a numbered list below it."""
    lines = [with_attachments(reply)]
    if reply.verdict == "suggest":
        lines += _numbered(reply)
    return "\n".join(lines)


def text_with_follow_ups(reply: Reply) -> str:
    """The same with an answer's follow-ups, for doors that know the conversation: there a number chooses one."""
    if not reply.prompts:
        return plain_text(reply)
    heading = message("prompts", message_language(reply.language, "zh"))
    return "\n".join((plain_text(reply), "", heading, *_numbered(reply)))


def offers(reply: Reply) -> list[str]:
    """What a door with buttons offers: the suggestions, or after an answer the questions that may follow it."""
    offered = reply.suggestions if reply.verdict == "suggest" else reply.prompts
    return [one.question for one in offered]


def with_attachments(reply: Reply) -> str:
    """The answer, and below it the links that go with it."""
    return "\n".join((safe_answer(words_of(reply)), *reply.attachments))


def words_of(reply: Reply) -> str:
    """What to say in a chat: the answer; of a long one that a passage of it led to, the passage and where it stands."""
    passage = reply.passage
    if passage is None:
        return reply.answer
    heading = [f"**{passage.heading}**"] if passage.heading else []
    place = message("passage", message_language(reply.language, "zh")).format(
        question=reply.question, number=passage.number, of=passage.of
    )
    following = [reply.answer] if reply.verdict == "suggest" else []
    return "\n\n".join((*heading, passage.text, place, *following))


def _numbered(reply: Reply) -> list[str]:
    return [f"{number}. {text}" for number, text in enumerate(offers(reply), start=1)]

"""The sense of a conversation, without a language model: choices, small talk, and when a person should take over."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from faqbot.errors import FaqbotError
from faqbot.knowledge import match_key
from faqbot.passages import Passage
from faqbot.services.admin.feedback import FeedbackService
from faqbot.services.conversation.chit_chat import ChitChat
from faqbot.services.conversation.choices import chosen_number, is_none_of_these
from faqbot.services.conversation.handoff import wants_person
from faqbot.services.conversation.memory import ConversationMemory, Memory
from faqbot.services.values.messages import MessageLanguage, language_of, message, message_language
from faqbot.services.values.origin import Origin
from faqbot.services.values.replies import Handoff, HandoffReason, Offer, Reply, Suggestion
from faqbot.settings import ConversationSettings
from faqbot.storage import FeedbackKind

TurnReason = Literal[
    "chosen_suggestion", "chosen_prompt", "choice_out_of_range", "none_of_these", "chit_chat", "handoff_requested"
]


_SAYS: dict[TurnReason, FeedbackKind] = {"chosen_suggestion": "chosen", "none_of_these": "none"}
"""What a turn says about the list before it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that makes sense from the conversation alone, so that nothing has to be searched.

    Attributes:
        reason: Stable code; becomes the reason of the decision.
        language: BCP 47 tag of the wanted reply.
        entry_id: The entry that was chosen; empty where none was.
        answer: What to say where no entry was chosen.
        suggestions: The list to show again, for `choice_out_of_range`.
        passage: What had matched in the long answer of the entry that was chosen; None where its questions had.
    """

    reason: TurnReason
    language: str
    entry_id: str = ""
    answer: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    passage: Passage | None = None

    @property
    def yields(self) -> bool:
        """Whether an entry that has the message as a wording goes before it."""
        return self.reason in ("chit_chat", "handoff_requested")


class Conversations:
    """Reads messages in the light of what was said before. Safe to share among threads."""

    def __init__(
        self,
        settings: ConversationSettings,
        chit_chat: ChitChat,
        memory: ConversationMemory,
        language: MessageLanguage,
        feedback: FeedbackService | None = None,
    ) -> None:
        """Bind the parts.

        Args:
            settings: What is switched on, and whom to contact.
            chit_chat: The phrases; used where the setting says so.
            memory: What was said before.
            language: Of our sentences, where a message does not tell.
            feedback: Learns which suggestion was meant, where given.
        """
        self._settings = settings
        self._chit_chat = chit_chat
        self._memory = memory
        self._language: MessageLanguage = language
        self._feedback = feedback

    def turn(self, text: str, origin: Origin) -> Turn | None:
        """What a message means in its conversation; None where it is a question to be searched for."""
        memory = self._memory.recall(origin)
        turn = self._choice(text, memory)
        if turn:
            return turn
        if wants_person(text):
            language = language_of(text, self._language)
            return Turn("handoff_requested", language, answer=self._contact("handoff_requested", language))
        small_talk = self._chit_chat.reply_to(text) if self._settings.chit_chat else None
        return Turn("chit_chat", small_talk.language, answer=small_talk.answer) if small_talk else None

    def after(self, turn: Turn | None, reply: Reply, wanted: str, origin: Origin) -> Reply:
        """Remember what was replied, and mark the reply where a person should take over.

        Args:
            turn: What the message meant; None for a question.
            reply: What it gets.
            wanted: BCP 47 tag of the language that the reply was looked for in.
            origin: The conversation.
        """
        before = self._memory.recall(origin)
        # A wording of an entry went before the turn, or the chosen entry is gone: then it was a question after all.
        understood = turn if turn and turn.reason == reply.decision.reason else None
        memory = _remembered(before, understood, reply, wanted, origin)
        self._memory.keep(origin, memory)
        if understood:
            self._learn(before, understood, origin)
        if turn and turn.reason == "handoff_requested":
            return self._handing_off(reply, "requested")
        limit = self._settings.handoff_after
        if limit and memory.misses >= limit and memory.misses > before.misses:
            return self._handing_off(replace(reply, answer=self._contact("missed_again", wanted)), "repeated_misses")
        return reply

    def _learn(self, before: Memory, turn: Turn, origin: Origin) -> None:
        kind = _SAYS.get(turn.reason)
        if self._feedback and kind and before.listed:
            # Feedback that cannot be kept must not cost the customer the answer.
            with suppress(FaqbotError):
                self._feedback.give(before.listed, kind, turn.entry_id or None, network=origin.network)

    def _choice(self, text: str, memory: Memory) -> Turn | None:
        offered: Sequence[Suggestion | Offer] = memory.suggestions or memory.prompts
        if not offered:
            return None
        chosen: TurnReason = "chosen_suggestion" if memory.suggestions else "chosen_prompt"
        language = memory.language
        key = match_key(text)
        named = next((one for one in offered if match_key(one.question) == key), None)
        if named:
            return Turn(chosen, language, named.entry_id, passage=_passage(named))
        number = chosen_number(text, len(offered))
        if number is not None and 1 <= number <= len(offered):
            one = offered[number - 1]
            return Turn(chosen, language, one.entry_id, passage=_passage(one))
        if not memory.suggestions:
            return None
        if number is not None:
            return Turn(
                "choice_out_of_range",
                language,
                answer=self._say("choice_out_of_range", language),
                suggestions=memory.suggestions,
            )
        if is_none_of_these(text):
            return Turn("none_of_these", language, answer=self._say("none_of_these", language))
        return None

    def _contact(self, name: str, language: str) -> str:
        """A sentence of ours, then what the settings say about reaching a person."""
        reachable = self._settings.handoff_text or self._settings.handoff_link
        if name == "handoff_requested" and not reachable:
            name = "handoff_unreachable"
        return "\n\n".join(filter(None, (self._say(name, language), self._settings.handoff_text)))

    def _say(self, name: str, language: str) -> str:
        return message(name, message_language(language, self._language))

    def _handing_off(self, reply: Reply, reason: HandoffReason) -> Reply:
        text, link = self._settings.handoff_text or "", self._settings.handoff_link or ""
        attachments = (*reply.attachments, link) if link else reply.attachments
        return replace(reply, handoff=Handoff(reason, text, link), attachments=attachments)


def _passage(chosen: Suggestion | Offer) -> Passage | None:
    return chosen.passage if isinstance(chosen, Suggestion) else None


def _remembered(before: Memory, turn: Turn | None, reply: Reply, wanted: str, origin: Origin) -> Memory:
    if turn and turn.yields:
        # A word of thanks between a list and a choice changes nothing.
        return before
    answered = reply.entry_id is not None
    missed = turn.reason == "none_of_these" if turn else reply.verdict == "fallback"
    misses = 0 if answered else before.misses + missed
    if turn and answered and not reply.prompts:
        # The other lines of the list may still be chosen.
        return replace(before, misses=misses)
    suggestions = reply.suggestions if reply.verdict == "suggest" else ()
    # A list that is shown again is still about the question before.
    listed = before.listed if turn else origin.request_id
    return Memory(suggestions, listed, reply.prompts, wanted, misses)

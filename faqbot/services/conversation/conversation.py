"""The sense of a conversation, without a language model: choices, small talk, and when a person should take over."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from faqbot.encoder.encoding import Vector
from faqbot.errors import FaqbotError
from faqbot.knowledge import match_key
from faqbot.passages import Passage
from faqbot.services.admin.feedback import FeedbackService
from faqbot.services.conversation.choices import chosen_number, is_none_of_these
from faqbot.services.conversation.handoff import wants_person
from faqbot.services.conversation.memory import ConversationMemory, Memory
from faqbot.services.conversation.recognition import Recognition
from faqbot.services.conversation.service_desk import DeskTopic, ServiceDesk
from faqbot.services.values.messages import MessageLanguage, language_of, message, message_language
from faqbot.services.values.origin import Origin
from faqbot.services.values.replies import Handoff, HandoffReason, Offer, Reply, Suggestion
from faqbot.settings import ConversationSettings
from faqbot.storage import FeedbackKind

TurnReason = Literal[
    "chosen_suggestion", "chosen_prompt", "choice_out_of_range", "none_of_these", "chit_chat", "handoff_requested"
]


# A topic that is recognised by its meaning has to be likelier than not.
_LIKELY = 0.5

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
        topic: Of the service desk; empty where it is none of them.
    """

    reason: TurnReason
    language: str
    entry_id: str = ""
    answer: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    passage: Passage | None = None
    topic: str = ""

    @property
    def yields(self) -> bool:
        """Whether an entry that has the message as a wording goes before it."""
        return self.reason in ("chit_chat", "handoff_requested")


class Conversations:
    """Reads messages in the light of what was said before. Safe to share among threads."""

    def __init__(
        self,
        settings: ConversationSettings,
        desk: ServiceDesk,
        memory: ConversationMemory,
        language: MessageLanguage,
        feedback: FeedbackService | None = None,
        recognition: Recognition | None = None,
    ) -> None:
        """Bind the parts.

        Args:
            settings: What is switched on, and whom to contact.
            desk: What every service desk hears, `person` among it; the rest is used where the setting says so.
            memory: What was said before.
            language: Of our sentences, where a message does not tell.
            feedback: Learns which suggestion was meant, where given.
            recognition: Recognises the desk's topics in other words too, where given.
        """
        self._settings = settings
        self._desk = desk
        self._memory = memory
        self._language: MessageLanguage = language
        self._feedback = feedback
        self._recognition = recognition

    def turn(self, text: str, origin: Origin) -> Turn | None:
        """What a message means in its conversation; None where it is a question to be searched for."""
        turn = self._choice(text, self._recall(origin))
        if turn:
            return turn
        if wants_person(text):
            return self._about(self._desk.topics["person"], language_of(text, self._language))
        found = self._desk.find(text) if self._settings.chit_chat else None
        return self._about(*found) if found else None

    def meant(self, vector: Vector, reply: Reply, best: Vector | None) -> Turn | None:
        """What a message means that no entry answers as surely as it is about a topic of the service desk.

        Where the best entry is the company's own on that topic, it is offered as well.

        Args:
            vector: Dense, of the message.
            reply: What it would get.
            best: Dense, of the best entry's wording; None where there is none.
        """
        if not self._recognition or not self._settings.chit_chat or reply.decision.reason == "exact":
            return None
        found = self._recognition.recognise(vector)
        if not found or found[1] < max(_LIKELY, reply.confidence):
            return None
        own = best is not None and (self._recognition.recognise(best) or ("", 0.0))[0] == found[0]
        return self._about(self._desk.topics[found[0]], reply.language, reply.suggestions if own else ())

    def _about(self, topic: DeskTopic, language: str, suggestions: tuple[Suggestion, ...] = ()) -> Turn:
        spoken = message_language(language, self._language)
        if not topic.hands_off:
            return Turn("chit_chat", spoken, answer=topic.reply[spoken], suggestions=suggestions, topic=topic.name)
        reachable = self._settings.handoff_text or self._settings.handoff_link
        words = topic.reply[spoken] if reachable else message("handoff_unreachable", spoken)
        answer = self._with_contact(words)
        return Turn("handoff_requested", spoken, answer=answer, suggestions=suggestions, topic=topic.name)

    def after(self, turn: Turn | None, reply: Reply, wanted: str, origin: Origin) -> Reply:
        """Remember what was replied, and mark the reply where a person should take over.

        Args:
            turn: What the message meant; None for a question.
            reply: What it gets.
            wanted: BCP 47 tag of the language that the reply was looked for in.
            origin: The conversation.
        """
        before = self._recall(origin)
        # A wording of an entry went before the turn, or the chosen entry is gone: then it was a question after all.
        understood = turn if turn and turn.reason == reply.decision.reason else None
        memory = _remembered(before, understood, reply, wanted, origin)
        if origin.session_id:
            self._memory.keep(origin, memory)
        if understood:
            self._learn(before, understood, origin)
        if turn and turn.reason == "handoff_requested":
            return self._handing_off(reply, "requested")
        limit = self._settings.handoff_after
        if limit and memory.misses >= limit and memory.misses > before.misses:
            return self._handing_off(
                replace(reply, answer=self._with_contact(self._say("missed_again", wanted))), "repeated_misses"
            )
        return reply

    def _recall(self, origin: Origin) -> Memory:
        """What was said before; nothing where the door does not name the conversation."""
        return self._memory.recall(origin) if origin.session_id else Memory()

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

    def _with_contact(self, words: str) -> str:
        """A sentence of ours, then what the settings say about reaching a person."""
        return "\n\n".join(filter(None, (words, self._settings.handoff_text)))

    def _say(self, name: str, language: str) -> str:
        return message(name, message_language(language, self._language))

    def _handing_off(self, reply: Reply, reason: HandoffReason) -> Reply:
        text, link = self._settings.handoff_text or "", self._settings.handoff_link or ""
        attachments = (*reply.attachments, link) if link else reply.attachments
        return replace(reply, handoff=Handoff(reason, text, link), attachments=attachments)


def _passage(chosen: Suggestion | Offer) -> Passage | None:
    return chosen.passage if isinstance(chosen, Suggestion) else None


def _remembered(before: Memory, turn: Turn | None, reply: Reply, wanted: str, origin: Origin) -> Memory:
    if turn and turn.yields and not turn.suggestions:
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

"""What customers thought of replies, and what admins make of it: labels to learn from, wordings to add."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from faqbot.errors import FeedbackNotFound, InvalidRequest
from faqbot.knowledge import clean, has_content, match_key
from faqbot.language import _
from faqbot.storage import (
    AskedQuestions,
    CustomerFeedback,
    Draft,
    Feedback,
    FeedbackKind,
    LabelledQuestion,
    Labels,
    Secrets,
    now,
)


class FeedbackService:
    """Takes opinions from customers and decisions from admins."""

    def __init__(
        self,
        questions: AskedQuestions,
        feedback: CustomerFeedback,
        labels: Labels,
        draft: Draft,
        secrets: Secrets,
        flush: Callable[[], None] | None = None,
    ) -> None:
        """Bind what is read and written.

        Args:
            questions: What was asked.
            feedback: What nobody has reviewed yet.
            labels: What was decided.
            draft: Whose entries answer, and get new wordings.
            secrets: Holds the key under which networks get their pseudonyms.
            flush: Writes the questions that still wait to be kept, where this process has any.
        """
        self._questions = questions
        self._feedback = feedback
        self._labels = labels
        self._draft = draft
        self._secrets = secrets
        self._flush = flush

    def give(self, request_id: str, kind: FeedbackKind, entry_id: str | None = None, *, network: str = "") -> None:
        """Keep what a customer thought of a reply; said twice, the last word counts.

        Args:
            request_id: Of the reply.
            kind: See `FeedbackKind`.
            entry_id: Which suggestion was meant, for `chosen`; the others take it from the reply.
            network: As in `Origin`.

        Raises:
            FeedbackNotFound: The reply's question is not kept.
            InvalidRequest: `chosen` names no entry, or the reply gave no answer that could have helped.
        """
        asked = self._questions.find(request_id)
        if asked is None and self._flush:
            self._flush()
            asked = self._questions.find(request_id)
        if asked is None:
            raise FeedbackNotFound(
                _("The question of this `request_id` is not kept (any more), so feedback cannot be taken.")
            )
        if kind == "chosen" and not entry_id:
            raise InvalidRequest(_("Feedback `chosen` needs the `entry_id` of the suggestion that was meant."))
        if kind in ("helpful", "unhelpful") and asked.verdict != "answer":
            raise InvalidRequest(_("The reply gave no answer; send `chosen` with an `entry_id`, or `none`."))
        about = {"chosen": entry_id or "", "none": ""}.get(kind, asked.entry_id)
        source = self._secrets.pseudonym("networks", network) if network else ""
        said = Feedback(request_id, asked.text, kind, about, now(), session=asked.session, network=source)
        self._feedback.put(said)

    def accept(self, number: int, entry_ids: Sequence[str], *, as_wording: bool = False) -> None:
        """Decide which entries answer the question behind a feedback, and keep that as a label.

        Args:
            number: Of the feedback; it leaves the list.
            entry_ids: Entries of the draft; none: nothing answers it.
            as_wording: Also add the question to the first entry's similar questions in the draft.

        Raises:
            FeedbackNotFound: There is no such feedback.
            EntryNotFound: The draft has no such entry.
        """
        feedback = self._feedback.get(number)
        self.label(feedback.text, entry_ids, as_wording=as_wording)
        self._feedback.delete(number)

    def label(self, text: str, entry_ids: Sequence[str], *, as_wording: bool = False) -> None:
        """Keep which entries answer a question; arguments and errors as in `accept`.

        Raises:
            InvalidRequest: The question is empty, or nothing answers it and it shall become a wording.
        """
        text = clean(text)
        if not has_content(text):
            raise InvalidRequest(_("The question is empty; send at least one letter, digit or character."))
        if as_wording and not entry_ids:
            raise InvalidRequest(_("A question that nothing answers cannot become a wording; name its entry."))
        for entry_id in entry_ids:
            self._draft.get(entry_id)
        if as_wording:
            self._add_wording(text, entry_ids[0])
        self._labels.put(LabelledQuestion(text, frozenset(entry_ids)))

    def _add_wording(self, text: str, entry_id: str) -> None:
        stored = self._draft.get(entry_id)
        if match_key(text) in map(match_key, stored.entry.wordings):
            return
        changed = replace(stored.entry, similar_questions=(*stored.entry.similar_questions, text))
        self._draft.update(changed, expected_revision=stored.revision)


def examples_of(feedback: Sequence[Feedback], labelled: Sequence[LabelledQuestion]) -> list[LabelledQuestion]:
    """What feedback says for sure: this entry was meant, or nothing was.

    That an answer did not help tells not what would have, so it is left to the admins; and what they have labelled
    is not counted a second time. A question counts once, and so do a session and a network, with what was said last.

    Args:
        feedback: The newest first.
        labelled: What admins have decided on.
    """
    decided = {match_key(question.text) for question in labelled}
    said, counted = [], set[tuple[str, str]]()
    for one in feedback:
        key = match_key(one.text)
        named = (("question", key), ("session", one.session), ("network", one.network))
        sources = {source for source in named if source[1]}
        if one.kind == "unhelpful" or key in decided or sources & counted:
            continue
        counted |= sources
        said.append(LabelledQuestion(one.text, frozenset([one.entry_id] if one.entry_id else [])))
    return said[::-1]

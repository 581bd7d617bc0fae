"""Replies to messages that make sense from the conversation alone."""

from __future__ import annotations

from dataclasses import replace

from faqbot.knowledge import Entry
from faqbot.matching.decision.verdict import Bounds, VerdictName
from faqbot.matching.search.scoring import Scores
from faqbot.services.answering.composing import Composer
from faqbot.services.conversation.conversation import Turn
from faqbot.services.values.replies import DecisionRecord, Reply

# Nothing was compared.
_NO_SCORES = Scores(0.0, 0.0, 0.0)


def reply_to(turn: Turn, composer: Composer, bounds: Bounds, model: str) -> Reply | None:
    """The reply to a turn; None where the chosen entry is not there any more.

    An entry that the customer chose has confidence 1: the customer said so. Nothing was compared, so scores are 0.

    Args:
        turn: What the message means.
        composer: Of the published version.
        bounds: The thresholds, for the record.
        model: Name of the encoder, for the record.
    """
    record = DecisionRecord(turn.reason, bounds.answer, bounds.suggest, composer.snapshot.version, model)
    if turn.entry_id:
        entry = composer.published(turn.entry_id)
        return _answered(entry, composer, record, turn) if entry else None
    first = turn.suggestions[0] if turn.suggestions else None
    verdict: VerdictName = "answer" if turn.reason == "chit_chat" else "suggest" if first else "fallback"
    return Reply(
        verdict=verdict,
        answer=turn.answer,
        entry_id=None,
        question=first.question if first else None,
        confidence=first.confidence if first else float(verdict == "answer"),
        score=0.0,
        scores=_NO_SCORES,
        suggestions=turn.suggestions,
        decision=record,
        language=turn.language,
    )


def heard_reply(turn: Turn, found: Reply, composer: Composer, bounds: Bounds) -> Reply:
    """The reply to a turn that was recognised by its meaning, after entries were looked for.

    Args:
        turn: What the message means; chooses no entry.
        found: What the entries alone would have said.
        composer: Of the published version.
        bounds: The thresholds, for the record.
    """
    reply = reply_to(turn, composer, bounds, found.decision.model)
    return replace(reply, explanation=found.explanation) if reply else found


def _answered(entry: Entry, composer: Composer, record: DecisionRecord, turn: Turn) -> Reply:
    passage = turn.passage
    # A version that was published meanwhile may have changed the answer.
    stands = passage is not None and entry.answer[passage.start : passage.end] == passage.text
    return Reply(
        verdict="answer",
        answer=entry.answer,
        entry_id=entry.entry_id,
        question=entry.standard_question,
        confidence=1.0,
        score=0.0,
        scores=_NO_SCORES,
        suggestions=(),
        decision=record,
        language=entry.language or turn.language,
        prompts=composer.prompts_of(entry),
        attachments=entry.attachments,
        related=tuple(composer.related(entry.entry_id)),
        passage=passage if stands else None,
    )

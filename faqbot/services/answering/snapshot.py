"""One knowledge base with all that was learned from it, ready to answer."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from faqbot.encoder.encoding import Encoding
from faqbot.encoder.remembered import encoding_bytes
from faqbot.encoder.stacked import StackedEncodings
from faqbot.knowledge import Entry
from faqbot.matching.decision.decision import Decider, Judgement, Question
from faqbot.matching.model.cross_fitting import HeldOutWording
from faqbot.remembering import remembering, text_bytes
from faqbot.services.answering.limits import limits_of
from faqbot.services.answering.related import Neighbours
from faqbot.storage import LabelledQuestion

_MEGABYTE = 1_000_000
VECTOR_BYTES = 32 * _MEGABYTE
"""The vectors of the last questions may take so much: of two thousand usual ones, or of forty of the longest."""

_JUDGEMENT_BYTES = 32 * _MEGABYTE
_SPELLING_BYTES = 4 * _MEGABYTE
# A match with its scores, its wording being the index's; a ranked topic; a name in a set.
_MATCH_BYTES, _RANKED_BYTES, _NAME_BYTES = 600, 150, 100


class Snapshot:
    """A published version or a draft, ready to answer. Nothing in it changes, so a request keeps the one it began with.

    Attributes:
        version: Its number; 0 for a draft.
        created_at: When it was published; after a restored backup another version may have the number.
        outdated: Whether another release of faqbot learned it, so that it answers cautiously until it is learned again.
        entries: By entry id.
        topics: The entry ids of each topic, in file order.
        limits: When and for whom entries answer, where that is not always and everybody.
        with_threshold: The topics that have an entry with an answer threshold of its own.
        labelled: The labelled questions that were learned from, as they were encoded.
        held_out: What became of each wording that was asked while the rest answered; empty unless it was learned here.
        learned: The decider as it was learned, which traffic does not move.
        decider: Ranks the topics and applies the thresholds.
        neighbours: Which entries are near to which.
        spell: `decider.spell`, which remembers the last questions, as do the next two; what they remember ends with
            the snapshot. Threads may share them.
        stored: `decider.stored`.
        judge: `decider.judge`.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        decider: Decider,
        *,
        version: int = 0,
        created_at: str = "",
        outdated: bool = False,
        held_out: Sequence[HeldOutWording] = (),
        labelled: Sequence[LabelledQuestion] = (),
    ) -> None:
        """Bind entries, at least one, to what decides over their wordings; the others are as in the attributes."""
        self.version = version
        self.created_at = created_at
        self.outdated = outdated
        self.entries = {entry.entry_id: entry for entry in entries}
        self.topics: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            self.topics[entry.topic] = (*self.topics.get(entry.topic, ()), entry.entry_id)
        self.limits = limits_of(entries)
        self.with_threshold = tuple(dict.fromkeys(e.topic for e in entries if e.answer_threshold is not None))
        self.held_out = tuple(held_out)
        self.labelled = tuple(labelled)
        self.neighbours = Neighbours(entries, decider)
        self.learned = decider
        self._decide_with(decider)

    def _decide_with(self, decider: Decider) -> None:
        self.decider = decider
        self.spell = remembering(_SPELLING_BYTES, _spelling_bytes)(decider.spell)
        self.stored = remembering(VECTOR_BYTES, _stored_bytes)(decider.stored)
        self.judge = remembering(_JUDGEMENT_BYTES, _judgement_bytes)(decider.judge)

    @property
    def encodings(self) -> StackedEncodings:
        """One per wording of the entries, in their order."""
        return self.decider.index.vectors

    def decided_by(self, decider: Decider) -> Snapshot:
        """The same where traffic has moved the decider; it remembers nothing yet."""
        other = copy(self)
        other._decide_with(decider)
        return other


def _spelling_bytes(spelt: str, text: str) -> int:
    return text_bytes(spelt) + text_bytes(text)


def _stored_bytes(found: Encoding | None, text: str) -> int:
    return text_bytes(text) + (encoding_bytes(found) if found else 0)


def _judgement_bytes(judgement: Judgement, question: Question, _bounds: object, **options: object) -> int:
    names = sum(len(option) for option in options.values() if isinstance(option, frozenset))
    return (
        text_bytes(question.text)
        + text_bytes(question.spelt)
        + encoding_bytes(question.encoding)
        + _MATCH_BYTES * (len(judgement.matches) + len(judgement.verdict.suggestions))
        + _RANKED_BYTES * len(judgement.ranking.topics)
        + _NAME_BYTES * names
    )

"""Encoding and learning what would be published, without publishing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from faqbot.encoder import Encoder, Progress
from faqbot.errors import PublishRefused
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.services.answering.learning import StageProgress, learn
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.answering.vectors import StoredVectors, texts_of
from faqbot.services.checks.duplicates import LISTED, Duplicate, find_duplicates
from faqbot.services.publishing.past_questions import past_questions
from faqbot.storage import CustomerFeedback, Draft, Labels, Vectors


class Learner:
    """Learns the draft, or other entries, exactly as they would be published."""

    def __init__(
        self,
        draft: Draft,
        vectors: Vectors,
        labels: Labels,
        feedback: CustomerFeedback | None,
        open_encoder: Callable[[], Encoder],
        target_precision: float = 0.95,
    ) -> None:
        """Bind what is learned and what from.

        Args:
            draft: What is learned where nothing else is given.
            vectors: What was encoded is kept here, and never encoded again.
            labels: Real questions whose entries somebody has decided on.
            feedback: Real questions whose entries customers said they meant, reviewed by nobody; None: it teaches
                nothing, since whoever can click could teach.
            open_encoder: Gives the encoder when it is first needed.
            target_precision: Share of direct answers that have to be right.
        """
        self._draft = draft
        self._vectors = vectors
        self._labels = labels
        self._feedback = feedback
        self._open_encoder = open_encoder
        self._target_precision = target_precision

    @property
    def encoder(self) -> Encoder:
        """Which makes the vectors."""
        return self._open_encoder()

    def entries(self) -> list[Entry]:
        """The enabled entries, which is what a publication takes.

        Raises:
            PublishRefused: There is none.
        """
        entries = self._enabled()
        if not entries:
            raise PublishRefused(_("The draft has no enabled entry: import a knowledge base first."))
        return entries

    def encode(self, progress: Progress | None = None) -> int:
        """Encode what the draft has new, ahead of publishing; returns how many texts that were."""
        return self._stored().prepare(texts_of(self._enabled()), progress)

    def learn(
        self,
        entries: Sequence[Entry] | None = None,
        progress: StageProgress | None = None,
        *,
        target_precision: float | None = None,
    ) -> Snapshot:
        """Learn entries as they would be published.

        Args:
            entries: At least one, all enabled; unset: what `entries` gives.
            progress: Called in the stages `encoding` and `learning`.
            target_precision: Share of direct answers that have to be right; unset: the setting.

        Raises:
            PublishRefused: No entries were given, and the draft has none that is enabled.
        """
        chosen = self.entries() if entries is None else entries
        target = self._target_precision if target_precision is None else target_precision
        past = past_questions(self._labels, self._feedback, chosen)
        return learn(chosen, self._stored(), past, target, progress)

    def duplicates(
        self,
        incoming: Sequence[Entry] | None = None,
        *,
        threshold: float = LISTED,
        progress: Progress | None = None,
    ) -> list[Duplicate]:
        """Entries that ask nearly the same, in the draft or between other entries and it; nothing is changed.

        Args:
            incoming: Entries that may be imported; those of the draft with the same ids count as replaced. Unset: the
                draft is compared with itself.
            threshold: Score from which a pair is listed, 0..1.
            progress: Called with (texts encoded, texts to encode).
        """
        entries = {entry.entry_id: entry for entry in self._enabled()}
        entries.update({entry.entry_id: entry for entry in incoming or () if entry.enabled})
        if not entries:
            return []
        vectors, compared = self._stored(), list(entries.values())
        texts = texts_of(compared, long_answers=False)
        vectors.prepare(texts, progress)
        return find_duplicates(
            compared,
            vectors.of(texts),
            vectors.encoder,
            threshold=threshold,
            only=None if incoming is None else {entry.entry_id for entry in incoming},
        )

    def _stored(self) -> StoredVectors:
        return StoredVectors(self._vectors, self._open_encoder())

    def _enabled(self) -> list[Entry]:
        return [entry for entry in self._draft.entries() if entry.enabled]

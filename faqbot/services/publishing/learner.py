"""Encoding and learning a knowledge base, whatever is to become of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from faqbot.encoder import Encoder, Progress
from faqbot.encoder.stacked import StackedEncodings
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision.decision import spell
from faqbot.matching.model.held_out_wording import HeldOutWording
from faqbot.matching.model.learning import Labelled, RealQuestions, fit
from faqbot.matching.model.prior import load_prior
from faqbot.matching.passages.learning import Asked
from faqbot.matching.spelling.respelling import Respeller
from faqbot.passages import passages_of
from faqbot.services.admin.feedback import examples_of
from faqbot.services.answering.documents import read_documents
from faqbot.services.publishing.trial import Trial
from faqbot.storage import LabelledQuestion, Repository, checksum_of

StageProgress = Callable[[str, int, int], None]
"""Called with (stage, steps done, steps in all); the stages are `encoding`, `learning` and `checking`."""

# Written to the database after each chunk, so that an interrupted run loses at most this much work.
_CHUNK = 256


class Learner:
    """Makes trials of entries; what was encoded before is never encoded again."""

    def __init__(self, repository: Repository) -> None:
        """Bind the storage of vectors, labels and feedback."""
        self._repository = repository

    def encode_missing(
        self,
        entries: Sequence[Entry],
        encoder: Encoder,
        progress: Progress | None = None,
        *,
        long_answers: bool = True,
    ) -> int:
        """Encode what has no vectors of this model yet; what was done before is never done again.

        Args:
            entries: Whose wordings are encoded.
            encoder: Makes the vectors.
            progress: Called with (texts encoded, texts to encode).
            long_answers: Whether the passages of their long answers are encoded too.

        Returns:
            How many texts were encoded.
        """
        passages = [passage.wording for passage in passages_of(entries)] if long_answers else []
        texts = {checksum_of(wording.text): wording.text for wording in (*wordings_of(entries), *passages)}
        fingerprint = encoder.info.fingerprint
        missing = self._repository.missing_checksums(fingerprint, list(texts))
        # The longest first, over the whole job: texts of one length waste nothing on each other, and what remains is
        # done faster than the rate so far says, not slower.
        todo = sorted(missing, key=lambda checksum: (-len(texts[checksum]), checksum))
        for start in range(0, len(todo), _CHUNK):
            chunk = todo[start : start + _CHUNK]
            encodings = encoder.encode([texts[checksum] for checksum in chunk])
            self._repository.put_encodings(fingerprint, dict(zip(chunk, encodings, strict=True)))
            if progress:
                progress(min(start + _CHUNK, len(todo)), len(todo))
        return len(todo)

    def vectors(self, entries: Sequence[Entry], encoder: Encoder) -> StackedEncodings:
        """The stored vectors of entries, one per wording of `wordings_of(entries)`."""
        checksums = [checksum_of(wording.text) for wording in wordings_of(entries)]
        return self._repository.get_stack(encoder.info.fingerprint, checksums)

    def learn(
        self,
        entries: Sequence[Entry],
        encoder: Encoder,
        target: float,
        progress: StageProgress | None = None,
    ) -> Trial:
        """Learn entries as they would be published.

        Args:
            entries: Enabled entries, at least one.
            encoder: Makes the vectors that are missing.
            target: Share of direct answers that have to be right.
            progress: Called in the stages `encoding` and `learning`.
        """
        self.encode_missing(entries, encoder, partial(progress, "encoding") if progress else None)
        wordings = wordings_of(entries)
        vectors = self.vectors(entries, encoder)
        respeller = Respeller([wording.text for wording in wordings])
        topics = {entry.entry_id: entry.topic for entry in entries}
        # A question whose entries have all left the knowledge base would now count as unanswerable, which nobody said.
        labelled = [q for q in self._repository.all_labelled() if not q.entry_ids or q.entry_ids & topics.keys()]
        told = examples_of(self._repository.list_feedback(), labelled)
        told = [q for q in told if not q.entry_ids or q.entry_ids & topics.keys()]

        def read(questions: Sequence[LabelledQuestion]) -> list[Labelled]:
            texts = [spell(respeller, question.text) for question in questions]
            return [
                Labelled(text, encoding, frozenset(topics[e] for e in question.entry_ids if e in topics))
                for text, encoding, question in zip(texts, encoder.encode(texts), questions, strict=True)
            ]

        held_out: list[HeldOutWording] = []
        real = RealQuestions(labelled=read(labelled), feedback=read(told))
        fitted = fit(
            wordings,
            vectors,
            prior=load_prior(encoder.info.model),
            real=real,
            target_precision=target,
            progress=partial(progress, "learning") if progress else None,
            examine=held_out.extend,
        )
        documents = read_documents(self._repository, encoder.info.fingerprint, passages_of(entries))
        if documents:
            asked = [Asked(question.encoding, question.topics) for question in real.labelled]
            fitted = replace(fitted, passages=documents.learn(entries, vectors, encoder, asked, target))
        return Trial(tuple(entries), vectors, encoder, fitted, documents, tuple(held_out))

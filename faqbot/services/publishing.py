"""From the draft to what customers get: encode, check, publish, take back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from faqbot.encoder import Encoder, Progress
from faqbot.errors import InvalidRequest, ModelMismatch, PublishRefused, VersionNotFound
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision import spell
from faqbot.matching.fitted import Fitted
from faqbot.matching.learning import Labelled, RealQuestions, fit
from faqbot.matching.prior import load_prior
from faqbot.matching.respelling import Respeller
from faqbot.matching.thresholds import Thresholds
from faqbot.services.feedback import examples_of
from faqbot.services.replies import VersionInfo
from faqbot.storage import LabelledQuestion, Pruned, Repository, checksum_of

# Written to the database after each chunk, so that an interrupted run loses at most this much work.
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Calibration:
    """A version that was learned again, and its thresholds with their record."""

    version: VersionInfo
    thresholds: Thresholds


class PublishingService:
    """Makes immutable versions of the draft and chooses which one answers."""

    def __init__(
        self, repository: Repository, open_encoder: Callable[[], Encoder], *, target_precision: float = 0.95
    ) -> None:
        """Bind the storage to an encoder that is opened when it is first needed.

        Args:
            repository: Where drafts, vectors and versions are.
            open_encoder: Gives the encoder; versions and rollback never call it.
            target_precision: Share of direct answers that have to be right.
        """
        self._repository = repository
        self._target_precision = target_precision
        self._open_encoder = open_encoder

    def publish(self, note: str = "", progress: Progress | None = None) -> VersionInfo:
        """Make a version of every enabled entry and let customers have it.

        Args:
            note: Why, for the list of versions.
            progress: Called with (wordings encoded, wordings to encode).

        Raises:
            PublishRefused: There is no entry, or one lacks its answer; customers keep the version they have.
        """
        entries = [entry for entry in self._repository.all_entries() if entry.enabled]
        _check(entries)
        encoder = self._open_encoder()
        self.encode_missing(entries, encoder, progress)
        fitted = self._learn(entries, encoder, self._target_precision)
        return self._add_version(entries, encoder, fitted, note)

    def calibrate(
        self,
        questions: Sequence[LabelledQuestion] | None = None,
        *,
        target_precision: float | None = None,
        progress: Progress | None = None,
    ) -> Calibration:
        """Learn the current version's entries again and publish the result; the draft takes no part.

        Args:
            questions: Labelled questions that replace those kept so far; unset: those.
            target_precision: Share of direct answers that have to be right; unset: the setting.
            progress: Called with (steps done, steps in all).

        Raises:
            VersionNotFound: Nothing is published yet.
            InvalidRequest: A question names an entry that the version does not hold.
        """
        number, _ = self._repository.current_version()
        if number is None:
            raise VersionNotFound("Nothing is published yet: import a knowledge base and run `faqbot publish`.")
        entries = list(self._repository.get_version(number).entries)
        if questions is not None:
            _check_labels(questions, entries)
            self._repository.replace_labelled(questions)
        encoder = self._open_encoder()
        self.encode_missing(entries, encoder)
        target = self._target_precision if target_precision is None else target_precision
        fitted = self._learn(entries, encoder, target, progress)
        return Calibration(
            self._add_version(entries, encoder, fitted, f"calibrated from version {number}"), fitted.thresholds
        )

    def _learn(
        self, entries: Sequence[Entry], encoder: Encoder, target: float, progress: Progress | None = None
    ) -> Fitted:
        wordings = wordings_of(entries)
        checksums = [checksum_of(wording.text) for wording in wordings]
        vectors = self._repository.get_stack(encoder.info.fingerprint, checksums)
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

        return fit(
            wordings,
            vectors,
            prior=load_prior(encoder.info.model),
            real=RealQuestions(labelled=read(labelled), feedback=read(told)),
            target_precision=target,
            progress=progress,
        )

    def _add_version(self, entries: Sequence[Entry], encoder: Encoder, fitted: Fitted, note: str) -> VersionInfo:
        number = self._repository.add_version(
            entries,
            fingerprint=encoder.info.fingerprint,
            model=encoder.info.model,
            note=note,
            learned=fitted.to_bytes(),
        )
        return self._info(number)

    def encode_draft(self, progress: Progress | None = None) -> int:
        """Encode what the draft has new, ahead of publishing; returns how many wordings that were."""
        entries = [entry for entry in self._repository.all_entries() if entry.enabled]
        return self.encode_missing(entries, self._open_encoder(), progress)

    def encode_missing(self, entries: Sequence[Entry], encoder: Encoder, progress: Progress | None = None) -> int:
        """Encode the wordings that have no vectors of this model yet; what was done before is never done again.

        Returns:
            How many wordings were encoded.
        """
        texts = {checksum_of(wording.text): wording.text for wording in wordings_of(entries)}
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

    def prune(self, *, dry_run: bool = False) -> Pruned:
        """Remove the vectors that neither the draft nor any version uses; with `dry_run` count them only."""
        return self._repository.prune_vectors(dry_run=dry_run)

    def versions(self) -> list[VersionInfo]:
        """Every version, newest first."""
        return [
            VersionInfo(
                number=row.number,
                created_at=row.created_at,
                entries=row.entries,
                wordings=row.wordings,
                model=row.model,
                current=row.current,
                note=row.note,
            )
            for row in self._repository.list_versions()
        ]

    def rollback(self, number: int | None = None) -> VersionInfo:
        """Let customers have an earlier version again, at once and without encoding; the draft stays as it is.

        Args:
            number: The version; unset: the one published before the current one.

        Raises:
            VersionNotFound: There is no such version, or none before the current one.
            ModelMismatch: The version's vectors belong to another model than the current version's.
        """
        rows = {row.number: row for row in self._repository.list_versions()}
        current = next((row for row in rows.values() if row.current), None)
        if number is None:
            earlier = [other for other in rows if current and other < current.number]
            if not earlier:
                raise VersionNotFound("There is no version before the current one to go back to.")
            number = max(earlier)
        target = rows.get(number)
        if target is None:
            known = ", ".join(str(other) for other in sorted(rows)) or "none"
            raise VersionNotFound(f"There is no version {number}; there are: {known}.")
        if current and target.fingerprint != current.fingerprint:
            raise ModelMismatch(
                f"Version {number} was encoded with model '{target.model}', the current one with '{current.model}': "
                f"set encoder.model back and publish again instead."
            )
        self._repository.set_current(number)
        return self._info(number)

    def _info(self, number: int) -> VersionInfo:
        return next(info for info in self.versions() if info.number == number)


def _check(entries: Sequence[Entry]) -> None:
    if not entries:
        raise PublishRefused("The draft has no enabled entry: import a knowledge base first.")
    unanswered = [entry.entry_id for entry in entries if not entry.answer.strip()]
    if unanswered:
        shown = ", ".join(unanswered[:5]) + (", ..." if len(unanswered) > 5 else "")
        raise PublishRefused(
            f"{len(unanswered)} of {len(entries)} entries have no answer ({shown}): write one, or disable them.",
            details=[{"entry_id": entry_id, "problem": "no_answer"} for entry_id in unanswered],
        )


def _check_labels(questions: Sequence[LabelledQuestion], entries: Sequence[Entry]) -> None:
    known = {entry.entry_id for entry in entries}
    unknown = sorted({entry_id for question in questions for entry_id in question.entry_ids} - known)
    if unknown:
        shown = ", ".join(unknown[:5]) + (", ..." if len(unknown) > 5 else "")
        raise InvalidRequest(
            f"The questions name {len(unknown)} entries that the current version does not hold ({shown}): "
            "publish those first."
        )

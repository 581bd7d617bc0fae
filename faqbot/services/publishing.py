"""From the draft to what customers get: encode, check, publish, take back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from faqbot.encoder import Encoder, Progress
from faqbot.encoder.stacked import StackedEncodings
from faqbot.errors import InvalidRequest, ModelMismatch, PublishRefused, VersionNotFound
from faqbot.knowledge import Entry, wordings_of
from faqbot.matching.decision import spell
from faqbot.matching.held_out_wording import HeldOutWording
from faqbot.matching.learning import Labelled, RealQuestions, fit
from faqbot.matching.prior import load_prior
from faqbot.matching.respelling import Respeller
from faqbot.matching.thresholds import Thresholds
from faqbot.services.duplicates import LISTED, Duplicate, find_duplicates
from faqbot.services.feedback import examples_of
from faqbot.services.findings import CheckReport, Finding, Override, in_order, report_json
from faqbot.services.meaning_checks import check_meaning
from faqbot.services.overriding import check_overrides, refuse_blocking
from faqbot.services.rehearsal import Rehearsal, Replay, TestedQuestion, regressions
from faqbot.services.replies import VersionInfo
from faqbot.services.text_checks import check_texts
from faqbot.services.trial import Trial
from faqbot.services.version_diff import VersionDifference, difference
from faqbot.settings import MatchingSettings
from faqbot.storage import LabelledQuestion, Pruned, Repository, checksum_of

# Written to the database after each chunk, so that an interrupted run loses at most this much work.
_CHUNK = 256
# The counts are kept whole; of the findings themselves enough to see what was known at the time.
_KEPT_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Calibration:
    """A version that was learned again, and its thresholds with their record."""

    version: VersionInfo
    thresholds: Thresholds


class PublishingService:
    """Makes immutable versions of the draft and chooses which one answers."""

    def __init__(
        self,
        repository: Repository,
        open_encoder: Callable[[], Encoder],
        *,
        target_precision: float = 0.95,
        matching: MatchingSettings | None = None,
    ) -> None:
        """Bind the storage to an encoder that is opened when it is first needed.

        Args:
            repository: Where drafts, vectors and versions are.
            open_encoder: Gives the encoder; versions and rollback never call it.
            target_precision: Share of direct answers that have to be right.
            matching: As for customers; the test questions are asked with it.
        """
        self._matching = matching or MatchingSettings()
        self._repository = repository
        self._target_precision = target_precision
        self._open_encoder = open_encoder

    def publish(
        self, note: str = "", progress: Progress | None = None, overrides: Sequence[Override] = ()
    ) -> VersionInfo:
        """Make a version of every enabled entry and let customers have it.

        Args:
            note: Why, for the list of versions.
            progress: Called with (wordings encoded, wordings to encode).
            overrides: Checks that may fail, each with the reason; kept with the version.

        Raises:
            PublishRefused: There is no entry, or a check fails; customers keep the version they have.
            InvalidRequest: An override names no check that can be overridden, or gives no reason.
        """
        check_overrides(overrides)
        entries = self._draft()
        texts = CheckReport(in_order(check_texts(entries)), tuple(overrides), complete=False)
        refuse_blocking(texts)
        trial = self._learn(entries, self._open_encoder(), self._target_precision, encoding=progress)
        report = CheckReport(in_order([*texts.findings, *self._check_trial(trial)]), tuple(overrides))
        refuse_blocking(report)
        return self._add_version(trial, note, report_json(report, _KEPT_FINDINGS))

    def check(self, progress: Progress | None = None) -> CheckReport:
        """Run every check on the draft; nothing is published.

        Args:
            progress: Called with (wordings encoded, wordings to encode).

        Raises:
            PublishRefused: There is no enabled entry.
        """
        entries = self._draft()
        findings = list(check_texts(entries))
        if any(finding.code == "empty_wording" for finding in findings):
            return CheckReport(in_order(findings), complete=False)
        trial = self._learn(entries, self._open_encoder(), self._target_precision, encoding=progress)
        return CheckReport(in_order([*findings, *self._check_trial(trial)]))

    def duplicates(
        self,
        incoming: Sequence[Entry] | None = None,
        *,
        threshold: float | None = None,
        progress: Progress | None = None,
    ) -> list[Duplicate]:
        """Entries that ask nearly the same, in the draft or between other entries and it; nothing is changed.

        Args:
            incoming: Entries that may be imported; those of the draft with the same ids count as replaced. Unset: the
                draft is compared with itself.
            threshold: Score from which a pair is listed, 0..1; unset: 0.3.
            progress: Called with (wordings encoded, wordings to encode).
        """
        entries = {entry.entry_id: entry for entry in self._repository.all_entries() if entry.enabled}
        entries.update({entry.entry_id: entry for entry in incoming or () if entry.enabled})
        if not entries:
            return []
        encoder, compared = self._open_encoder(), list(entries.values())
        self.encode_missing(compared, encoder, progress)
        return find_duplicates(
            compared,
            self._vectors(compared, encoder),
            encoder,
            threshold=LISTED if threshold is None else threshold,
            only=None if incoming is None else {entry.entry_id for entry in incoming},
        )

    def run_tests(self, progress: Progress | None = None) -> list[TestedQuestion]:
        """Ask the test questions of the draft and of the current version.

        Args:
            progress: Called with (questions asked, questions in all).

        Raises:
            PublishRefused: There is no enabled entry.
        """
        return self._rehearse().run(self._repository.list_tests(), progress)

    def replay(self, last: int, progress: Progress | None = None) -> Replay:
        """Ask the last real questions of the draft and of the current version.

        Args:
            last: How many of the kept questions, 1 or more.
            progress: Called with (different questions asked, in all).

        Raises:
            PublishRefused: There is no enabled entry.
        """
        texts = [question.text for question in self._repository.list_asked(limit=last)]
        return Replay(len(texts), tuple(self._rehearse().replay(texts, progress)))

    def difference(self, earlier: int | None = None, later: int | None = None) -> VersionDifference:
        """What differs between two versions.

        Args:
            earlier: Number of the one; unset: the current version.
            later: Number of the other; unset: the draft's enabled entries.

        Raises:
            VersionNotFound: There is no such version, or nothing is published yet.
        """
        first = self._repository.current_version()[0] if earlier is None else earlier
        if first is None:
            raise VersionNotFound("Nothing is published yet, so there is nothing to compare with.")
        other = self._enabled() if later is None else self._repository.get_version(later).entries
        return difference(self._repository.get_version(first).entries, other)

    def _rehearse(self) -> Rehearsal:
        trial = self._learn(self._draft(), self._open_encoder(), self._target_precision)
        return Rehearsal(self._repository, trial, self._matching)

    def _enabled(self) -> list[Entry]:
        return [entry for entry in self._repository.all_entries() if entry.enabled]

    def _draft(self) -> list[Entry]:
        entries = self._enabled()
        if not entries:
            raise PublishRefused("The draft has no enabled entry: import a knowledge base first.")
        return entries

    def _check_trial(self, trial: Trial) -> Iterator[Finding]:
        yield from check_meaning(
            trial.entries, trial.encodings, trial.encoder, trial.held_out, trial.fitted.thresholds.answer
        )
        tests = self._repository.list_tests()
        if tests:
            yield from regressions(Rehearsal(self._repository, trial, self._matching).run(tests))

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
        target = self._target_precision if target_precision is None else target_precision
        trial = self._learn(entries, self._open_encoder(), target, learning=progress)
        return Calibration(self._add_version(trial, f"calibrated from version {number}"), trial.fitted.thresholds)

    def _learn(
        self,
        entries: Sequence[Entry],
        encoder: Encoder,
        target: float,
        *,
        encoding: Progress | None = None,
        learning: Progress | None = None,
    ) -> Trial:
        self.encode_missing(entries, encoder, encoding)
        wordings = wordings_of(entries)
        vectors = self._vectors(entries, encoder)
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
        fitted = fit(
            wordings,
            vectors,
            prior=load_prior(encoder.info.model),
            real=RealQuestions(labelled=read(labelled), feedback=read(told)),
            target_precision=target,
            progress=learning,
            examine=held_out.extend,
        )
        return Trial(tuple(entries), vectors, encoder, fitted, tuple(held_out))

    def _vectors(self, entries: Sequence[Entry], encoder: Encoder) -> StackedEncodings:
        checksums = [checksum_of(wording.text) for wording in wordings_of(entries)]
        return self._repository.get_stack(encoder.info.fingerprint, checksums)

    def _add_version(self, trial: Trial, note: str, checks: dict[str, object] | None = None) -> VersionInfo:
        number = self._repository.add_version(
            trial.entries,
            fingerprint=trial.encoder.info.fingerprint,
            model=trial.encoder.info.model,
            note=note,
            learned=trial.fitted.to_bytes(),
            checks=checks,
        )
        return self._info(number)

    def encode_draft(self, progress: Progress | None = None) -> int:
        """Encode what the draft has new, ahead of publishing; returns how many wordings that were."""
        return self.encode_missing(self._enabled(), self._open_encoder(), progress)

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

    def version_checks(self, number: int) -> dict[str, object]:
        """What the checks found when a version was published, as `report_json` has it; empty where none were run.

        Raises:
            VersionNotFound: There is no such version.
        """
        return self._repository.version_checks(number) or report_json(CheckReport((), complete=False))

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


def _check_labels(questions: Sequence[LabelledQuestion], entries: Sequence[Entry]) -> None:
    known = {entry.entry_id for entry in entries}
    unknown = sorted({entry_id for question in questions for entry_id in question.entry_ids} - known)
    if unknown:
        shown = ", ".join(unknown[:5]) + (", ..." if len(unknown) > 5 else "")
        raise InvalidRequest(
            f"The questions name {len(unknown)} entries that the current version does not hold ({shown}): "
            "publish those first."
        )

"""From the draft to what customers get: check, publish, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from faqbot.contract import from_json, to_json
from faqbot.errors import InvalidRequest, ModelMismatch, VersionNotFound
from faqbot.knowledge import Entry
from faqbot.language import Text, _
from faqbot.matching.model.thresholds import Thresholds
from faqbot.services.answering.learning import StageProgress
from faqbot.services.answering.loading import load_snapshot
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.checks.findings import CheckReport, Override, check_report
from faqbot.services.checks.overriding import check_overrides, refuse_blocking
from faqbot.services.checks.text_checks import check_texts
from faqbot.services.publishing.draft_checks import DraftChecks
from faqbot.services.publishing.learner import Learner
from faqbot.services.publishing.threshold_report import threshold_report
from faqbot.services.values.replies import VersionInfo
from faqbot.services.values.thresholds import ThresholdReport
from faqbot.storage import (
    Draft,
    JobClaim,
    LabelledQuestion,
    Labels,
    Learned,
    TrafficEffects,
    Vectors,
    VersionRow,
    Versions,
)

# The counts are kept whole; of the findings themselves enough to see what was known at the time.
_KEPT_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Calibration:
    """A version that was learned again, and its thresholds with their record.

    Attributes:
        version: The new one.
        thresholds: Of the questions.
        passages: Those for passages of long answers; None where there are none.
    """

    version: VersionInfo
    thresholds: Thresholds
    passages: Thresholds | None


class PublishingService:
    """Makes immutable versions of the draft and chooses which one answers."""

    def __init__(
        self,
        draft: Draft,
        versions: Versions,
        vectors: Vectors,
        labels: Labels,
        learner: Learner,
        checks: DraftChecks,
        effects: TrafficEffects,
    ) -> None:
        """Bind what is published, how it is learned and what it has to pass.

        Args:
            draft: What is published.
            versions: Where it goes.
            vectors: Of the versions.
            labels: What calibrating may replace.
            learner: Learns; versions and rollback never ask it for anything, so they need no model.
            checks: May stop a publication.
            effects: What traffic did.
        """
        self._draft = draft
        self._versions = versions
        self._vectors = vectors
        self._labels = labels
        self._learner = learner
        self._checks = checks
        self._effects = effects

    def publish(
        self,
        note: str = "",
        progress: StageProgress | None = None,
        overrides: Sequence[Override] = (),
        *,
        job: JobClaim | None = None,
    ) -> VersionInfo:
        """Make a version of every enabled entry and let customers have it.

        Args:
            note: Why, for the list of versions.
            progress: Called in the stages `encoding`, `learning` and `checking`.
            overrides: Checks that may fail, each with the reason; kept with the version.
            job: The job that this is done for; it is told of the version in the same transaction.

        Raises:
            PublishRefused: There is no entry, or a check fails; customers keep the version they have.
            InvalidRequest: An override names no check that can be overridden, or gives no reason.
            EditConflict: Somebody else has published or rolled back in the meantime; nothing is published.
            JobInterrupted: Another worker has taken the job over; nothing is published.
        """
        check_overrides(overrides)
        replacing, _generation = self._versions.current()
        seen = self._draft.revisions()
        entries = self._learner.entries()
        texts = check_report(check_texts(entries), overrides, complete=False)
        refuse_blocking(texts)
        learned = self._learner.learn(entries, progress)
        report = check_report([*texts.findings, *self._checks.check_learned(learned, seen, progress)], overrides)
        refuse_blocking(report)
        kept = replace(report, findings=report.findings[:_KEPT_FINDINGS])
        return self._add_version(learned, note, replacing, to_json(kept), job)

    def calibrate(
        self,
        questions: Sequence[LabelledQuestion] | None = None,
        *,
        target_precision: float | None = None,
        progress: StageProgress | None = None,
    ) -> Calibration:
        """Learn the current version's entries again and publish the result; the draft takes no part.

        Args:
            questions: Labelled questions that replace those kept so far; unset: those.
            target_precision: Share of direct answers that have to be right; unset: the setting.
            progress: Called in the stages `encoding` and `learning`.

        Raises:
            VersionNotFound: Nothing is published yet.
            InvalidRequest: A question names an entry that the version does not hold.
        """
        number, _generation = self._versions.current()
        if number is None:
            raise VersionNotFound(_("Nothing is published yet: import a knowledge base and run `faqbot publish`."))
        entries = list(self._versions.get(number).entries)
        if questions is not None:
            _check_labels(questions, entries)
            self._labels.replace(questions)
        learned = self._learner.learn(entries, progress, target_precision=target_precision)
        version = self._add_version(learned, f"calibrated from version {number}", number)
        decider = learned.decider
        passages = decider.passages.learned.thresholds if decider.passages else None
        return Calibration(version, decider.thresholds, passages)

    def learn_again(self, number: int, progress: StageProgress | None = None) -> None:
        """Learn a version that another release of faqbot learned, and keep the result with it.

        Where that was done in the meantime, nothing is done.

        Args:
            number: The version; where customers have it, they get the result at once.
            progress: Called in the stages `encoding` and `learning`.

        Raises:
            VersionNotFound: There is no such version.
            ModelMismatch: It was encoded with another model than this one or an earlier build of it.
        """
        encoder = self._learner.encoder
        if load_snapshot(self._versions, self._vectors, encoder, number, encode=True).outdated:
            entries = self._versions.get(number).entries
            learned = self._learner.learn(entries, progress)
            kept = Learned(learned.decider.to_bytes(), learned.labelled)
            self._versions.put_learned(number, kept, fingerprint=encoder.info.fingerprint)

    def _add_version(
        self,
        learned: Snapshot,
        note: str,
        replacing: int | None,
        checks: dict[str, object] | None = None,
        job: JobClaim | None = None,
    ) -> VersionInfo:
        info = self._learner.encoder.info
        number = self._versions.add(
            list(learned.entries.values()),
            fingerprint=info.fingerprint,
            model=info.model,
            note=note,
            learned=Learned(learned.decider.to_bytes(), learned.labelled),
            checks=checks,
            job=job,
            replacing=replacing,
        )
        return self._info(number)

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
            for row in self._versions.all()
        ]

    def version_checks(self, number: int) -> CheckReport:
        """What the checks found when a version was published; empty where none were run.

        Raises:
            VersionNotFound: There is no such version.
        """
        kept = self._versions.checks(number)
        return from_json(CheckReport, kept) if kept else check_report((), complete=False)

    def thresholds(self, number: int | None = None) -> ThresholdReport:
        """As `threshold_report`, whose errors it raises."""
        return threshold_report(self._versions, self._effects, number)

    def rollback(self, number: int | None = None) -> VersionInfo:
        """Let customers have an earlier version again, at once and without encoding; the draft stays as it is.

        Args:
            number: The version; unset: the one that customers had before the current one was published.

        Raises:
            VersionNotFound: There is no such version, or none before the current one.
            ModelMismatch: The version's vectors belong to another model than the current version's.
        """
        rows = {row.number: row for row in self._versions.all()}
        current = next((row for row in rows.values() if row.current), None)
        if number is None:
            number = _replaced_by(current, rows)
        target = rows.get(number)
        if target is None:
            known = sorted(rows) or _("none")
            raise VersionNotFound(_("There is no version {number}; there are: {known}.", number=number, known=known))
        if current and target.fingerprint != current.fingerprint:
            raise ModelMismatch(_encoded_otherwise(target, current))
        self._versions.switch_to(number)
        return self._info(number)

    def _info(self, number: int) -> VersionInfo:
        return next(info for info in self.versions() if info.number == number)


def _encoded_otherwise(target: VersionRow, current: VersionRow) -> Text:
    if target.model == current.model:
        return _(
            "Version {number} was encoded with another build of model '{model}' than the current one, "
            "whose weights or options differ: import its entries and run `faqbot publish` instead.",
            number=target.number,
            model=target.model,
        )
    return _(
        "Version {number} was encoded with model '{other}', the current one with '{model}': "
        "set encoder.model back and publish again instead.",
        number=target.number,
        other=target.model,
        model=current.model,
    )


def _replaced_by(current: VersionRow | None, rows: Mapping[int, VersionRow]) -> int:
    """What customers had before: not simply the number before, which may have been taken back."""
    earlier = [number for number in rows if current and number < current.number]
    if current is None or not earlier:
        raise VersionNotFound(_("There is no version before the current one to go back to."))
    return max(earlier) if current.replaced is None else current.replaced


def _check_labels(questions: Sequence[LabelledQuestion], entries: Sequence[Entry]) -> None:
    known = {entry.entry_id for entry in entries}
    unknown = sorted({entry_id for question in questions for entry_id in question.entry_ids} - known)
    if unknown:
        shown = [*unknown[:5], *(["..."] if len(unknown) > 5 else [])]
        raise InvalidRequest(
            _(
                "The questions name {count} entries that the current version does not hold ({shown}): "
                "publish those first.",
                count=len(unknown),
                shown=shown,
            )
        )

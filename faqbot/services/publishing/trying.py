"""The draft before customers get it: what is wrong with it, and what would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from faqbot.encoder import Encoder, Progress
from faqbot.errors import PublishRefused, VersionNotFound
from faqbot.knowledge import Entry
from faqbot.services.answering.learning import StageProgress, learn
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.answering.vectors import StoredVectors, texts_of
from faqbot.services.checks.duplicates import LISTED, Duplicate, find_duplicates
from faqbot.services.checks.findings import CheckReport, Finding, in_order
from faqbot.services.checks.meaning_checks import check_meaning
from faqbot.services.checks.problems import ANY, ProblemList, Problems
from faqbot.services.checks.text_checks import check_texts
from faqbot.services.publishing.past_questions import past_questions
from faqbot.services.publishing.rehearsal import Rehearsal, Replay, TestedQuestion, regressions
from faqbot.services.publishing.version_diff import VersionDifference, difference
from faqbot.settings import MatchingSettings
from faqbot.storage import Repository


class DraftService:
    """Tries the draft out: learned exactly as it would be published, without being published."""

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
        self._problems = ProblemList(repository)

    def entries(self) -> list[Entry]:
        """The enabled entries, which is what a publication takes.

        Raises:
            PublishRefused: There is none.
        """
        entries = self._enabled()
        if not entries:
            raise PublishRefused("The draft has no enabled entry: import a knowledge base first.")
        return entries

    def encode(self, progress: Progress | None = None) -> int:
        """Encode what the draft has new, ahead of publishing; returns how many texts that were."""
        return self._vectors().prepare(texts_of(self._enabled()), progress)

    def learn(self, entries: Sequence[Entry] | None = None, progress: StageProgress | None = None) -> Snapshot:
        """Learn the draft as it would be published.

        Args:
            entries: What `entries` gave; unset: that.
            progress: Called in the stages `encoding` and `learning`.

        Raises:
            PublishRefused: There is no enabled entry.
        """
        chosen = self.entries() if entries is None else entries
        past = past_questions(self._repository, chosen)
        return learn(chosen, self._vectors(), past, self._target_precision, progress)

    def check(self, progress: StageProgress | None = None) -> CheckReport:
        """Run every check on the draft; nothing is published.

        Args:
            progress: Called in the stages `encoding`, `learning` and `checking`.

        Raises:
            PublishRefused: There is no enabled entry.
        """
        seen = self._repository.revisions()
        entries = self.entries()
        findings = list(check_texts(entries))
        if any(finding.code == "empty_wording" for finding in findings):
            return CheckReport(in_order(findings), complete=False)
        learned = self.learn(entries, progress)
        return CheckReport(in_order([*findings, *self.check_learned(learned, seen, progress)]))

    def problems(self, code: str = ANY) -> Problems:
        """The entries with problems, without the model; see `faqbot.services.checks.problems`.

        Raises:
            InvalidRequest: There is no such check.
        """
        return self._problems.find(code)

    def check_learned(
        self, draft: Snapshot, seen: Mapping[str, int], progress: StageProgress | None = None
    ) -> list[Finding]:
        """What is wrong with what was learned: problems of meaning, and test questions that fail.

        Args:
            draft: From `learn`.
            seen: `Repository.revisions` from before it was read; the findings are kept for the list of problems.
            progress: Called in the stage `checking`.
        """
        found = list(self._check_learned(draft, progress))
        self._problems.keep(found, seen)
        return found

    def _check_learned(self, draft: Snapshot, progress: StageProgress | None) -> Iterator[Finding]:
        asked = partial(progress, "checking") if progress else None
        if asked:
            asked(0, 0)
        encoder, entries = self._open_encoder(), list(draft.entries.values())
        yield from check_meaning(entries, draft.encodings, encoder, draft.held_out, draft.fitted.thresholds.answer)
        tests = self._repository.list_tests()
        if tests:
            yield from regressions(Rehearsal(self._repository, draft, encoder, self._matching).run(tests, asked))

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
            progress: Called with (texts encoded, texts to encode).
        """
        entries = {entry.entry_id: entry for entry in self._repository.all_entries() if entry.enabled}
        entries.update({entry.entry_id: entry for entry in incoming or () if entry.enabled})
        if not entries:
            return []
        vectors, compared = self._vectors(), list(entries.values())
        texts = texts_of(compared, long_answers=False)
        vectors.prepare(texts, progress)
        return find_duplicates(
            compared,
            vectors.of(texts),
            vectors.encoder,
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
        return Rehearsal(self._repository, self.learn(), self._open_encoder(), self._matching)

    def _vectors(self) -> StoredVectors:
        return StoredVectors(self._repository, self._open_encoder())

    def _enabled(self) -> list[Entry]:
        return [entry for entry in self._repository.all_entries() if entry.enabled]

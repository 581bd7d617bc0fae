"""What is wrong with the draft, before customers get it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from faqbot.services.answering.learning import StageProgress
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.checks.findings import CheckReport, Finding, check_report
from faqbot.services.checks.meaning_checks import check_meaning
from faqbot.services.checks.problems import ProblemList
from faqbot.services.checks.text_checks import check_texts
from faqbot.services.publishing.draft_rehearsals import DraftRehearsals
from faqbot.services.publishing.learner import Learner
from faqbot.services.publishing.rehearsal import regressions
from faqbot.storage import Draft


class DraftChecks:
    """Runs every check: of the texts, of what they mean to the model, and of the test questions."""

    def __init__(self, draft: Draft, learner: Learner, rehearsals: DraftRehearsals, problems: ProblemList) -> None:
        """Bind the draft and what it is tried with.

        Args:
            draft: What is checked.
            learner: Learns it.
            rehearsals: Asks it the test questions.
            problems: Remembers what was found.
        """
        self._draft = draft
        self._learner = learner
        self._rehearsals = rehearsals
        self._problems = problems

    def check(self, progress: StageProgress | None = None) -> CheckReport:
        """Run every check on the draft; nothing is published.

        Args:
            progress: Called in the stages `encoding`, `learning` and `checking`.

        Raises:
            PublishRefused: There is no enabled entry.
        """
        seen = self._draft.revisions()
        entries = self._learner.entries()
        findings = list(check_texts(entries))
        if any(finding.code == "empty_wording" for finding in findings):
            return check_report(findings, complete=False)
        learned = self._learner.learn(entries, progress)
        return check_report([*findings, *self.check_learned(learned, seen, progress)])

    def check_learned(
        self, draft: Snapshot, seen: Mapping[str, int], progress: StageProgress | None = None
    ) -> list[Finding]:
        """What is wrong with what was learned: problems of meaning, and test questions that fail.

        Args:
            draft: From `Learner.learn`.
            seen: `Draft.revisions` from before it was read; the findings are kept for the list of problems.
            progress: Called in the stage `checking`.
        """
        found = list(self._check_learned(draft, progress))
        self._problems.keep(found, seen)
        return found

    def _check_learned(self, draft: Snapshot, progress: StageProgress | None) -> Iterator[Finding]:
        asked = partial(progress, "checking") if progress else None
        if asked:
            asked(0, 0)
        encoder, entries = self._learner.encoder, list(draft.entries.values())
        yield from check_meaning(entries, draft.encodings, encoder, draft.held_out, draft.decider.bounds.answer)
        yield from regressions(self._rehearsals.run_tests(asked, draft))

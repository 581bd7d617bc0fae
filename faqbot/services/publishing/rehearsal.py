"""Asking the draft and the current version the same questions, with the very function that customers get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from faqbot.encoder import Encoder, Progress
from faqbot.errors import ModelMismatch, RequestError
from faqbot.knowledge import wordings_of
from faqbot.matching.decision.decision import Decider
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.documents import searching
from faqbot.services.answering.published import PublishedKnowledge
from faqbot.services.answering.snapshot import Snapshot, load_snapshot, make_snapshot
from faqbot.services.checks.findings import Finding
from faqbot.services.publishing.trial import Trial
from faqbot.settings import MatchingSettings
from faqbot.storage import QuestionTest, Repository

_ANY_LENGTH = 100_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What a version decides about one question.

    Attributes:
        verdict: `answer`, `suggest`, `fallback`, or `refused` for a text that cannot be asked.
        entry_id: The entry that answers, else the first suggestion; empty where there is none.
        confidence: Of the best entry, 0..1.
    """

    verdict: str
    entry_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TestedQuestion:
    """A test question, and what became of it.

    Attributes:
        test: The question and what is expected.
        draft: What the draft decides.
        passed: Whether that is what is expected.
        passed_before: The same for the current version; None where there is none of this model.
    """

    test: QuestionTest
    draft: Decision
    passed: bool
    passed_before: bool | None


@dataclass(frozen=True, slots=True)
class ChangedDecision:
    """A real question about which the draft decides otherwise.

    Attributes:
        text: As it was kept, personal numbers masked.
        times: How often it was asked.
        current: What customers get now.
        draft: What they would get.
    """

    text: str
    times: int
    current: Decision
    draft: Decision


@dataclass(frozen=True, slots=True)
class Replay:
    """The last real questions, asked of the draft.

    Attributes:
        asked: How many there were, repeats included.
        changed: Where the draft decides otherwise, the most frequent first.
    """

    asked: int
    changed: tuple[ChangedDecision, ...]


class _Fixed(PublishedKnowledge):
    """One snapshot that never changes."""

    def __init__(self, repository: Repository, encoder: Encoder, snapshot: Snapshot) -> None:
        super().__init__(repository, encoder)
        self._snapshot = snapshot


class Rehearsal:
    """A draft beside the current version."""

    def __init__(self, repository: Repository, trial: Trial, matching: MatchingSettings) -> None:
        """Build both.

        Args:
            repository: Where the current version is.
            trial: The draft as it would be published.
            matching: As for customers; what is asked here teaches nothing.
        """
        self._repository = repository
        self._encoder = trial.encoder
        self._settings = matching.model_copy(update={"learn_from_traffic": False})
        self._scale = PublishedKnowledge(repository, trial.encoder).scale
        entries = list(trial.entries)
        passages = searching(trial.documents, trial.fitted, self._scale)
        decider = Decider(wordings_of(entries), trial.encodings, trial.fitted, self._scale, passages)
        self._draft = self._answering(make_snapshot(0, entries, decider))
        self._topics = {entry.entry_id: entry.topic for entry in entries}
        self._current = self._load_current()

    def _answering(self, snapshot: Snapshot) -> AnswerService:
        known = _Fixed(self._repository, self._encoder, snapshot)
        return AnswerService(self._encoder, known, self._settings, question_characters=_ANY_LENGTH)

    def _load_current(self) -> AnswerService | None:
        number, _ = self._repository.current_version()
        if number is None:
            return None
        try:
            snapshot = load_snapshot(self._repository, self._encoder, number, self._scale)
        except ModelMismatch:
            return None
        self._topics = {entry.entry_id: entry.topic for entry in snapshot.entries.values()} | self._topics
        return self._answering(snapshot)

    def run(self, tests: Sequence[QuestionTest], progress: Progress | None = None) -> list[TestedQuestion]:
        """Ask the test questions.

        Args:
            tests: What is expected.
            progress: Called with (questions asked, questions in all).
        """
        found = []
        for done, test in enumerate(tests, start=1):
            draft = _decision(self._draft, test.text)
            before = self._passes(test, _decision(self._current, test.text)) if self._current else None
            found.append(TestedQuestion(test, draft, self._passes(test, draft), before))
            if progress:
                progress(done, len(tests))
        return found

    def replay(self, texts: Sequence[str], progress: Progress | None = None) -> list[ChangedDecision]:
        """Ask real questions of both, and list where another verdict or entry comes out, the most frequent first.

        Args:
            texts: As they were asked, repeats included.
            progress: Called with (different questions asked, in all).

        Returns:
            Nothing where there is no current version of this model.
        """
        changed: list[ChangedDecision] = []
        times = Counter(texts)
        for done, (text, count) in enumerate(times.most_common(), start=1):
            if self._current:
                current, draft = _decision(self._current, text), _decision(self._draft, text)
                if (current.verdict, current.entry_id) != (draft.verdict, draft.entry_id):
                    changed.append(ChangedDecision(text, count, current, draft))
            if progress:
                progress(done, len(times))
        return changed

    def _passes(self, test: QuestionTest, decision: Decision) -> bool:
        if not test.entry_id:
            return decision.verdict in ("suggest", "fallback")
        topic = self._topics.get(decision.entry_id)
        return decision.verdict == "answer" and topic == self._topics.get(test.entry_id, test.entry_id)


def regressions(tested: Sequence[TestedQuestion]) -> Iterator[Finding]:
    """The tests that fail on the draft, those that pass on the current version as regressions."""
    for one in tested:
        if not one.passed:
            code = "regression" if one.passed_before else "failing_test"
            ids = (one.test.entry_id,) if one.test.entry_id else ()
            yield Finding(code, ids, (one.test.text, f"{one.draft.verdict} {one.draft.entry_id}".strip()))


def _decision(answering: AnswerService, text: str) -> Decision:
    try:
        reply = answering.ask(text)
    except RequestError:
        return Decision("refused", "", 0.0)
    first = reply.suggestions[0].entry_id if reply.suggestions else ""
    return Decision(reply.verdict, reply.entry_id or first, reply.confidence)

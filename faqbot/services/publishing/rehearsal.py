"""Asking the draft and the current version the same questions, with the very function that customers get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from faqbot.contract import NULL_WHEN_EMPTY
from faqbot.encoder import Encoder, Progress
from faqbot.errors import ModelMismatch, RequestError
from faqbot.matching.model.matcher import Ranking
from faqbot.matching.search.scoring import Scale
from faqbot.services.answering.answering import AnswerService
from faqbot.services.answering.loading import load_snapshot
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.checks.findings import Finding
from faqbot.services.values.origin import Origin
from faqbot.settings import MatchingSettings
from faqbot.storage import QuestionTest, Vectors, Versions

_ANY_LENGTH = 100_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What a version decides about one question.

    Attributes:
        verdict: `answer`, `suggest`, `fallback`, or `refused` for a text that cannot be asked.
        entry_id: The entry that answers, else the first suggestion; empty where there is none.
        confidence: Of the best entry, 0..1.
    """

    verdict: Literal["answer", "suggest", "fallback", "refused"]
    entry_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TestedQuestion:
    """A test question, and what became of it.

    Attributes:
        number: Of the test.
        entry_id: The entry that has to answer; null: nothing may.
        passed: Whether the draft decides as is expected.
        passed_before: The same for the current version; null where there is none of this model.
        draft: What the draft decides.
    """

    number: int
    question: str
    entry_id: Annotated[str, NULL_WHEN_EMPTY]
    passed: bool
    passed_before: bool | None
    draft: Decision


@dataclass(frozen=True, slots=True)
class TestRun:
    """What became of every test question."""

    passed: int
    failed: int
    results: tuple[TestedQuestion, ...]


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


@dataclass(frozen=True, slots=True)
class _Fixed:
    """One snapshot, which learns nothing from what it is asked here."""

    snapshot: Snapshot
    scale: Scale

    def saw(self, snapshot: Snapshot, question: str, ranking: Ranking, origin: Origin) -> None:
        """See `Current`."""


class Rehearsal:
    """A draft beside the current version."""

    def __init__(
        self,
        draft: Snapshot,
        versions: Versions,
        vectors: Vectors,
        encoder: Encoder,
        matching: MatchingSettings,
    ) -> None:
        """Prepare both to be asked.

        Args:
            draft: As it would be published.
            versions: Where the current version is.
            vectors: Of its wordings and passages.
            encoder: Of the draft's vectors.
            matching: As for customers.
        """
        self._encoder = encoder
        self._settings = matching
        self._draft = self._answering(draft)
        self._topics = {entry.entry_id: entry.topic for entry in draft.entries.values()}
        self._current: AnswerService | None = None
        current = _load_current(versions, vectors, encoder)
        if current:
            self._topics = {entry.entry_id: entry.topic for entry in current.entries.values()} | self._topics
            self._current = self._answering(current)

    def _answering(self, snapshot: Snapshot) -> AnswerService:
        known = _Fixed(snapshot, snapshot.decider.ranker.scale)
        return AnswerService(self._encoder, known, self._settings, question_characters=_ANY_LENGTH)

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
            passed = self._passes(test, draft)
            found.append(TestedQuestion(test.number, test.text, test.entry_id, passed, before, draft))
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


def _load_current(versions: Versions, vectors: Vectors, encoder: Encoder) -> Snapshot | None:
    """What customers have; None where that is nothing, of another model, or not what they will have in a moment."""
    number, _ = versions.current()
    if number is None:
        return None
    try:
        current = load_snapshot(versions, vectors, encoder, number)
    except ModelMismatch:
        return None
    return None if current.outdated else current


def run_of(tested: Sequence[TestedQuestion]) -> TestRun:
    """Test questions, counted."""
    passed = sum(one.passed for one in tested)
    return TestRun(passed, len(tested) - passed, tuple(tested))


def regressions(tested: Sequence[TestedQuestion]) -> Iterator[Finding]:
    """The tests that fail on the draft, those that pass on the current version as regressions."""
    for one in tested:
        if not one.passed:
            code = "regression" if one.passed_before else "failing_test"
            ids = (one.entry_id,) if one.entry_id else ()
            yield Finding(code, ids, (one.question, f"{one.draft.verdict} {one.draft.entry_id}".strip()))


def _decision(answering: AnswerService, text: str) -> Decision:
    try:
        # The best is all that counts here, and one that is exact needs no ranking.
        reply = answering.ask(text, top=1)
    except RequestError:
        return Decision("refused", "", 0.0)
    first = reply.suggestions[0].entry_id if reply.suggestions else ""
    return Decision(reply.verdict, reply.entry_id or first, reply.confidence)

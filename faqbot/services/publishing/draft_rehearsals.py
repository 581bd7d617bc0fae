"""Test questions and real ones, asked of the draft before customers get it."""

from __future__ import annotations

from faqbot.encoder import Progress
from faqbot.services.answering.snapshot import Snapshot
from faqbot.services.publishing.learner import Learner
from faqbot.services.publishing.rehearsal import Rehearsal, Replay, TestedQuestion
from faqbot.settings import MatchingSettings
from faqbot.storage import AskedQuestions, QuestionTests, Vectors, Versions


class DraftRehearsals:
    """Asks questions of the draft as it would be published, and of the current version."""

    def __init__(
        self,
        learner: Learner,
        versions: Versions,
        vectors: Vectors,
        tests: QuestionTests,
        questions: AskedQuestions,
        matching: MatchingSettings,
    ) -> None:
        """Bind both sides and the questions.

        Args:
            learner: Learns the draft.
            versions: Among them the current one.
            vectors: Of its wordings.
            tests: Questions with the decision that is expected.
            questions: What customers asked last.
            matching: As for customers.
        """
        self._learner = learner
        self._versions = versions
        self._vectors = vectors
        self._tests = tests
        self._questions = questions
        self._matching = matching

    def run_tests(self, progress: Progress | None = None, draft: Snapshot | None = None) -> list[TestedQuestion]:
        """Ask the test questions of the draft and of the current version.

        Args:
            progress: Called with (questions asked, questions in all).
            draft: Learned already.

        Raises:
            PublishRefused: There is no enabled entry.
        """
        draft = draft or self._learner.learn()
        tests = self._tests.all()
        return self._rehearsal(draft).run(tests, progress) if tests else []

    def replay(self, last: int, progress: Progress | None = None) -> Replay:
        """Ask the last real questions of the draft and of the current version.

        Args:
            last: How many of the kept questions, 1 or more.
            progress: Called with (different questions asked, in all).

        Raises:
            PublishRefused: There is no enabled entry.
        """
        texts = [question.text for question in self._questions.last(limit=last)]
        return Replay(len(texts), tuple(self._rehearsal(self._learner.learn()).replay(texts, progress)))

    def _rehearsal(self, draft: Snapshot) -> Rehearsal:
        return Rehearsal(draft, self._versions, self._vectors, self._learner.encoder, self._matching)

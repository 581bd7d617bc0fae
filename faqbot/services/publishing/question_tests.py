"""Looking after the test questions."""

from __future__ import annotations

from collections.abc import Sequence

from faqbot.errors import InvalidRequest
from faqbot.knowledge import clean, has_content
from faqbot.storage import Draft, QuestionTest, QuestionTests


class QuestionTestService:
    """Adds, lists and removes questions with the decision that every version has to make."""

    def __init__(self, tests: QuestionTests, draft: Draft) -> None:
        """Bind the tests and the draft whose entries they expect."""
        self._tests = tests
        self._draft = draft

    def put(self, tests: Sequence[QuestionTest]) -> list[QuestionTest]:
        """Add tests; one that asks the same question as another replaces it.

        Args:
            tests: With an entry of the draft each, or none where nothing may answer.

        Returns:
            Every test.

        Raises:
            InvalidRequest: A question is empty, or the draft does not hold an entry that is expected.
        """
        known = {entry.entry_id for entry in self._draft.entries()}
        for test in tests:
            if not has_content(test.text):
                raise InvalidRequest("A test question is empty; give it at least one letter, digit or character.")
            if test.entry_id and test.entry_id not in known:
                raise InvalidRequest(f"The draft holds no entry '{test.entry_id}', which '{test.text}' expects.")
        self._tests.put([QuestionTest(clean(test.text), test.entry_id) for test in tests])
        return self.all()

    def all(self) -> list[QuestionTest]:
        """Every test, in the order of the numbers."""
        return self._tests.all()

    def delete(self, number: int) -> None:
        """Remove one.

        Raises:
            QuestionTestNotFound: There is no such test.
        """
        self._tests.delete(number)

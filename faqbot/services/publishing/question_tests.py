"""Taking test questions on."""

from __future__ import annotations

from collections.abc import Sequence

from faqbot.errors import InvalidRequest
from faqbot.knowledge import clean, has_content
from faqbot.language import _
from faqbot.storage import Draft, QuestionTest, QuestionTests


def put_tests(tests: QuestionTests, draft: Draft, wanted: Sequence[QuestionTest]) -> list[QuestionTest]:
    """Add questions with the decision that every version has to make; the same question replaces an earlier one.

    Args:
        tests: Where they are kept.
        draft: Holds the entries that are expected.
        wanted: With an entry of the draft each, or none where nothing may answer.

    Returns:
        Every test.

    Raises:
        InvalidRequest: A question is empty, or the draft does not hold an entry that is expected.
    """
    known = draft.revisions()
    for test in wanted:
        if not has_content(test.text):
            raise InvalidRequest(_("A test question is empty; give it at least one letter, digit or character."))
        if test.entry_id and test.entry_id not in known:
            raise InvalidRequest(
                _(
                    "The draft holds no entry '{entry_id}', which '{text}' expects.",
                    entry_id=test.entry_id,
                    text=test.text,
                )
            )
    tests.put([QuestionTest(clean(test.text), test.entry_id) for test in wanted])
    return tests.all()

from __future__ import annotations

import pytest

from faqbot.errors import QuestionTestNotFound
from faqbot.storage import QuestionTest, Storage


def test_the_same_question_asked_again_replaces_what_is_expected_and_keeps_its_number(storage: Storage) -> None:
    storage.tests.put([QuestionTest("怎么退款", "refund"), QuestionTest("讲个笑话", "")])
    storage.tests.put([QuestionTest("怎么退款？", "refund.new")])
    first, second = storage.tests.all()
    assert (first.number, first.text, first.entry_id) == (1, "怎么退款？", "refund.new")
    assert (second.text, second.entry_id) == ("讲个笑话", "")
    storage.tests.delete(first.number)
    storage.tests.put([QuestionTest("讲个笑话", "")])
    changes = storage.audit.changes(action="test")
    assert [(change.action, change.subject) for change in changes] == [
        ("test.delete", "怎么退款？"),
        ("test.put", "怎么退款？"),
        ("test.put", "讲个笑话"),
        ("test.put", "怎么退款"),
    ], "what was put again unchanged is no change"
    assert (changes[1].before, changes[1].after) == (
        {"question": "怎么退款", "entry_id": "refund"},
        {"question": "怎么退款？", "entry_id": "refund.new"},
    )
    assert storage.tests.all() == [second]
    with pytest.raises(QuestionTestNotFound, match="no test question 1"):
        storage.tests.delete(first.number)

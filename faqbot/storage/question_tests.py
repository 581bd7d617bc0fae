"""Questions with the decision that every version has to make."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from faqbot.errors import QuestionTestNotFound
from faqbot.knowledge import match_key
from faqbot.storage.clock import now
from faqbot.storage.database import Database
from faqbot.storage.records import QuestionTest
from faqbot.storage.tables import QuestionTestTable


class QuestionTests:
    """The part of the repository that keeps them."""

    _database: Database

    def put_tests(self, tests: Sequence[QuestionTest]) -> None:
        """Add tests, all or none; one that asks the same question as another replaces it and keeps its number."""
        table = QuestionTestTable
        rows = {
            match_key(test.text): {
                "key": match_key(test.text),
                "text": test.text,
                "entry_id": test.entry_id,
                "created_at": now(),
            }
            for test in tests
        }
        insert = self._database.insert(table)
        put = insert.on_conflict_do_update(
            index_elements=[table.key], set_={name: insert.excluded[name] for name in ("text", "entry_id")}
        )
        with self._database.writing() as session:
            if rows:
                session.connection().execute(put, list(rows.values()))

    def list_tests(self) -> list[QuestionTest]:
        """Every test, in the order of the numbers."""
        t = QuestionTestTable
        chosen = select(t.text, t.entry_id, t.id, t.created_at).order_by(t.id)
        with self._database.reading() as session:
            return [QuestionTest(*row) for row in session.execute(chosen)]

    def delete_test(self, number: int) -> None:
        """Remove one.

        Raises:
            QuestionTestNotFound: There is no such test.
        """
        removal = delete(QuestionTestTable).where(QuestionTestTable.id == number)
        with self._database.writing() as session:
            if session.scalar(removal.returning(QuestionTestTable.id)) is None:
                raise QuestionTestNotFound(f"There is no test question {number}.")

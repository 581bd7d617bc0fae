"""Questions with the decision that every version has to make."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, delete, select

from faqbot.errors import QuestionTestNotFound
from faqbot.knowledge import match_key
from faqbot.language import _
from faqbot.storage.audit import log_changes
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import Change, QuestionTest
from faqbot.storage.tables import QuestionTestTable


class QuestionTests:
    """Test questions."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def put(self, tests: Sequence[QuestionTest]) -> None:
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
                known = {row.key: row for row in session.execute(select(table.key, table.text, table.entry_id))}
                session.connection().execute(put, list(rows.values()))
                log_changes(session, [change for key, row in rows.items() if (change := _change(known.get(key), row))])

    def all(self) -> list[QuestionTest]:
        """Every test, in the order of the numbers."""
        t = QuestionTestTable
        chosen = select(t.text, t.entry_id, t.id, t.created_at).order_by(t.id)
        with self._database.reading() as session:
            return [QuestionTest(*row) for row in session.execute(chosen)]

    def delete(self, number: int) -> None:
        """Remove one.

        Raises:
            QuestionTestNotFound: There is no such test.
        """
        removal = delete(QuestionTestTable).where(QuestionTestTable.id == number)
        with self._database.writing() as session:
            columns = (QuestionTestTable.text, QuestionTestTable.entry_id)
            removed = session.execute(removal.returning(*columns)).one_or_none()
            if removed is None:
                raise QuestionTestNotFound(_("There is no test question {number}.", number=number))
            log_changes(
                session, [Change("test.delete", removed.text, {"question": removed.text, "entry_id": removed.entry_id})]
            )


def _change(known: Row[str, str, str] | None, row: dict[str, str]) -> Change | None:
    before = {"question": known.text, "entry_id": known.entry_id} if known else None
    after = {"question": row["text"], "entry_id": row["entry_id"]}
    return None if before == after else Change("test.put", row["text"], before, after)

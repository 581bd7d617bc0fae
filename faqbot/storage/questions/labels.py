"""Real questions with the entries that answer them: what confidence is checked against."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from faqbot.errors import FeedbackNotFound
from faqbot.knowledge import match_key
from faqbot.language import _
from faqbot.storage.audit import log_changes
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import Change, LabelledQuestion
from faqbot.storage.tables import LabelledTable


class Labels:
    """Questions whose entries somebody has decided on."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def replace(self, questions: Sequence[LabelledQuestion]) -> int:
        """Keep these labelled questions and no others; of the same question asked twice the last label counts.

        Returns:
            How many are kept.
        """
        rows = {
            match_key(question.text): {
                "key": match_key(question.text),
                "text": question.text,
                "entry_ids": sorted(question.entry_ids),
                "created_at": now(),
            }
            for question in questions
        }
        with self._database.writing() as session:
            session.execute(delete(LabelledTable))
            if rows:
                session.execute(insert(LabelledTable), list(rows.values()))
            log_changes(session, [Change("label.replace", "", None, {"questions": len(rows)})])
        return len(rows)

    def put(self, question: LabelledQuestion) -> None:
        """Keep one labelled question beside the others; it takes the place of the same question's earlier label."""
        row = {
            "key": match_key(question.text),
            "text": question.text,
            "entry_ids": sorted(question.entry_ids),
            "created_at": now(),
        }
        statement = self._database.insert(LabelledTable).values(row)
        changes = {name: statement.excluded[name] for name in row if name != "key"}
        with self._database.writing() as session:
            known = session.scalar(select(LabelledTable.entry_ids).where(LabelledTable.key == row["key"]))
            session.execute(statement.on_conflict_do_update(index_elements=[LabelledTable.key], set_=changes))
            before = None if known is None else {"entry_ids": known}
            log_changes(session, [Change("label.put", question.text, before, {"entry_ids": row["entry_ids"]})])

    def delete(self, text: str) -> None:
        """Forget the label of a question.

        Raises:
            FeedbackNotFound: It has none.
        """
        removal = delete(LabelledTable).where(LabelledTable.key == match_key(text)).returning(LabelledTable.key)
        with self._database.writing() as session:
            if session.scalar(removal) is None:
                raise FeedbackNotFound(_("There is no label for the question '{text}'.", text=text))
            log_changes(session, [Change("label.delete", text)])

    def all(self) -> list[LabelledQuestion]:
        """Every labelled question, in a stable order."""
        columns = select(LabelledTable.text, LabelledTable.entry_ids).order_by(LabelledTable.key)
        with self._database.reading() as session:
            return [LabelledQuestion(text, frozenset(ids)) for text, ids in session.execute(columns)]

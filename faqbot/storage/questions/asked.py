"""The last questions that were asked: what admins look at, and what a draft is tried on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, func, insert, select

from faqbot.storage.audit import log_changes
from faqbot.storage.database.database import Database
from faqbot.storage.records import AskedQuestion, Change
from faqbot.storage.tables import AskedTable, FeedbackTable

_COLUMNS = (
    AskedTable.request_id,
    AskedTable.text,
    AskedTable.verdict,
    AskedTable.entry_id,
    AskedTable.confidence,
    AskedTable.version,
    AskedTable.channel,
    AskedTable.language,
    AskedTable.session,
    AskedTable.created_at,
    AskedTable.id,
)


class AskedQuestions:
    """The last questions that were asked."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def add(self, questions: Sequence[AskedQuestion], *, keep: int) -> None:
        """Store questions in their order and forget the oldest, in one transaction.

        Args:
            questions: Any number; their `number` is ignored.
            keep: How many of the last questions remain, 0 or more.
        """
        rows = [{name: value for name, value in asdict(q).items() if name != "number"} for q in questions]
        with self._database.writing() as session:
            if rows:
                session.execute(insert(AskedTable), rows)
            last = session.scalar(select(func.max(AskedTable.id))) or 0
            session.execute(delete(AskedTable).where(AskedTable.id <= last - keep))

    def forget(self, matching: str = "") -> int:
        """Delete kept questions, and what customers said of their replies, from the files too; how many there were.

        The audit log says that it was done and to how many; never what they said, nor what was looked for.

        Args:
            matching: Only those with this text in them, whatever its case; empty: all.
        """
        with self._database.writing() as session:
            gone = 0
            for table in (FeedbackTable, AskedTable):
                chosen = table.text.icontains(matching, autoescape=True)
                gone = session.scalar(select(func.count()).select_from(table).where(chosen)) or 0
                session.execute(delete(table).where(chosen))
            log_changes(session, [Change("question.forget", "", {"questions": gone}, None)])
        self._database.clear_traces()
        return gone

    def export(self, matching: str = "") -> list[AskedQuestion]:
        """Every kept question, the newest first, for somebody who takes them along; the audit log says how many.

        Args:
            matching: Only those with this text in them, whatever its case; empty: all.
        """
        chosen = select(*_COLUMNS).where(AskedTable.text.icontains(matching, autoescape=True))
        with self._database.writing() as session:
            found = [AskedQuestion(*row) for row in session.execute(chosen.order_by(AskedTable.id.desc()))]
            log_changes(session, [Change("question.export", "", None, {"questions": len(found)})])
        return found

    def find(self, request_id: str) -> AskedQuestion | None:
        """The question of a reply; None where it is not kept, or not any more."""
        with self._database.reading() as session:
            row = session.execute(
                select(*_COLUMNS).where(AskedTable.request_id == request_id).order_by(AskedTable.id.desc()).limit(1)
            ).one_or_none()
        return AskedQuestion(*row) if row else None

    def last(self, *, verdict: str | None = None, after: int | None = None, limit: int = 50) -> list[AskedQuestion]:
        """Asked questions, the newest first.

        Args:
            verdict: Only these: `answer`, `suggest` or `fallback`.
            after: Only those before this number, for paging: the number of the last question of the page before.
            limit: Questions at most.
        """
        chosen = select(*_COLUMNS).order_by(AskedTable.id.desc()).limit(limit)
        if verdict is not None:
            chosen = chosen.where(AskedTable.verdict == verdict)
        if after is not None:
            chosen = chosen.where(AskedTable.id < after)
        with self._database.reading() as session:
            return [AskedQuestion(*row) for row in session.execute(chosen)]

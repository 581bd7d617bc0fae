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

    def forget(self, matching: str = "", sessions: Sequence[str] = ()) -> int:
        """Delete kept questions, and what customers said of their replies, from the files too; how many there were.

        The audit log says that it was done and to how many; never what they said, nor what was looked for.

        Args:
            matching: Only those with this text in them, whatever its case; empty: all.
            sessions: Only those of these sessions, as `AskedQuestion` has them; empty: of all.
        """
        chosen = AskedTable.text.icontains(matching, autoescape=True)
        said = FeedbackTable.text.icontains(matching, autoescape=True)
        if sessions:
            chosen &= AskedTable.session.in_(sessions)
            replies = select(AskedTable.request_id).where(AskedTable.session.in_(sessions))
            said &= FeedbackTable.session.in_(sessions) | FeedbackTable.request_id.in_(replies)
        with self._database.writing() as session:
            session.execute(delete(FeedbackTable).where(said))
            gone = len(session.scalars(delete(AskedTable).where(chosen).returning(AskedTable.id)).all())
            log_changes(session, [Change("question.forget", "", {"questions": gone}, None)])
        self._database.clear_traces()
        return gone

    def expire(self, before: str, *, most: int = 1000) -> int:
        """Delete the oldest questions, and feedback, that are older than a moment; how many questions and opinions.

        One transaction, which keeps nobody waiting for long; call it again until nothing is left.

        Args:
            before: UTC, ISO 8601 as `now` gives it.
            most: Questions, and opinions, at most.
        """
        gone = 0
        with self._database.writing() as session:
            for table in (FeedbackTable, AskedTable):
                oldest = select(table.id).where(table.created_at < before).order_by(table.id).limit(most)
                gone += len(session.scalars(delete(table).where(table.id.in_(oldest)).returning(table.id)).all())
            if gone:
                log_changes(session, [Change("question.expire", "", {"questions": gone}, None)])
        if gone:
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

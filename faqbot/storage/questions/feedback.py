"""What customers thought of replies."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, select

from faqbot.errors import FeedbackNotFound
from faqbot.language import _
from faqbot.storage.audit import log_changes, utc_of
from faqbot.storage.database.database import Database
from faqbot.storage.records import Change, Feedback
from faqbot.storage.tables import FeedbackTable

_COLUMNS = (
    FeedbackTable.request_id,
    FeedbackTable.text,
    FeedbackTable.kind,
    FeedbackTable.entry_id,
    FeedbackTable.created_at,
    FeedbackTable.id,
    FeedbackTable.session,
    FeedbackTable.network,
)


class CustomerFeedback:
    """What customers thought of replies, until somebody has reviewed it."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def put(self, feedback: Feedback) -> None:
        """Keep an opinion; it takes the place of an earlier one on the same reply."""
        row = {name: value for name, value in asdict(feedback).items() if name != "number"}
        statement = self._database.insert(FeedbackTable).values(row)
        changes = {name: statement.excluded[name] for name in row if name != "request_id"}
        with self._database.writing() as session:
            session.execute(statement.on_conflict_do_update(index_elements=[FeedbackTable.request_id], set_=changes))

    def last(self, *, after: int | None = None, limit: int | None = None) -> list[Feedback]:
        """Opinions, the newest first.

        Args:
            after: Only those before this number, for paging.
            limit: At most so many; unset: all.
        """
        chosen = select(*_COLUMNS).order_by(FeedbackTable.id.desc())
        if after is not None:
            chosen = chosen.where(FeedbackTable.id < after)
        if limit is not None:
            chosen = chosen.limit(limit)
        with self._database.reading() as session:
            return [Feedback(*row) for row in session.execute(chosen)]

    def get(self, number: int) -> Feedback:
        """One opinion.

        Raises:
            FeedbackNotFound: There is none with this number.
        """
        with self._database.reading() as session:
            row = session.execute(select(*_COLUMNS).where(FeedbackTable.id == number)).one_or_none()
        if row is None:
            raise _not_found(number)
        return Feedback(*row)

    def delete(self, number: int) -> None:
        """Forget an opinion.

        Raises:
            FeedbackNotFound: There is none with this number.
        """
        removal = delete(FeedbackTable).where(FeedbackTable.id == number).returning(FeedbackTable.id)
        with self._database.writing() as session:
            if session.scalar(removal) is None:
                raise _not_found(number)

    def dismiss(self, *, matching: str = "", since: str | None = None) -> int:
        """Forget many opinions at once; how many those were. The audit log has the number and never the text.

        Args:
            matching: Only those on questions with this text in them, whatever its case; empty: on any.
            since: Only those from this moment on, an ISO 8601 date or date-time; unset: from ever.

        Raises:
            InvalidRequest: `since` is no date.
        """
        removal = delete(FeedbackTable).where(FeedbackTable.text.icontains(matching, autoescape=True))
        if since is not None:
            removal = removal.where(FeedbackTable.created_at >= utc_of("since", since, after=False))
        with self._database.writing() as session:
            gone = len(session.scalars(removal.returning(FeedbackTable.id)).all())
            log_changes(session, [Change("feedback.dismiss", "", {"feedback": gone}, None)])
        self._database.clear_traces()
        return gone


def _not_found(number: int) -> FeedbackNotFound:
    return FeedbackNotFound(_("There is no feedback {number}; it may have been reviewed already.", number=number))

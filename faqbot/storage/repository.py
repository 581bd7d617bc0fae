"""The one door to everything that is kept."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from faqbot.settings import StorageSettings
from faqbot.storage import migrating
from faqbot.storage.asked import AskedQuestions
from faqbot.storage.audit import AuditLog
from faqbot.storage.bulk_edits import BulkEdits
from faqbot.storage.database import Database
from faqbot.storage.deliveries import Deliveries
from faqbot.storage.drafts import Drafts
from faqbot.storage.feedback import CustomerFeedback
from faqbot.storage.found import FoundProblems
from faqbot.storage.jobs import Jobs
from faqbot.storage.keys import Keys
from faqbot.storage.labelled import LabelledQuestions
from faqbot.storage.question_tests import QuestionTests
from faqbot.storage.restoring import Backups
from faqbot.storage.secrets import Secrets
from faqbot.storage.unused_vectors import UnusedVectors
from faqbot.storage.vectors import Vectors
from faqbot.storage.versions import Versions


class Repository(
    Drafts,
    BulkEdits,
    Vectors,
    UnusedVectors,
    Versions,
    LabelledQuestions,
    AskedQuestions,
    QuestionTests,
    FoundProblems,
    CustomerFeedback,
    Jobs,
    Keys,
    Secrets,
    Deliveries,
    AuditLog,
    Backups,
):
    """The draft, encodings, published versions, labelled and asked questions, jobs and API keys of one database.

    Safe to use from many threads and, on the same database, from many processes. Every method is one
    transaction and may raise `DatabaseUnavailable`; further errors are named at each.

    Close it, or use it as a context manager.
    """

    def __init__(self, database: Database) -> None:
        """Work on a database whose tables are up to date."""
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def place(self) -> str:
        """The database in words for people, without any secret."""
        return self._database.place

    def check(self) -> None:
        """Make sure that the database answers and has the tables of this program; for readiness.

        Raises:
            DatabaseUnavailable: The database does not answer.
            SchemaOutdated: Its tables are missing, older or newer.
        """
        migrating.check_schema(self._database)

    def close(self) -> None:
        """Close every connection; a later call opens new ones."""
        self._database.close()


def open_repository(settings: StorageSettings, migrate: bool = True) -> Repository:
    """Open the database of the settings.

    Args:
        settings: Where it is.
        migrate: Whether to create or update its tables first; otherwise they have to be up to date.

    Raises:
        DatabaseUnavailable: The URL is wrong, or the database cannot be reached or written.
        SchemaOutdated: The tables are newer than this program, or not up to date where `migrate` is false.
    """
    database = Database(settings.database_url, keep_changes=settings.keep_changes)
    try:
        if migrate:
            migrating.migrate(database)
        else:
            migrating.check_schema(database)
    except BaseException:
        database.close()
        raise
    return Repository(database)

"""Everything that one database keeps, part by part."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from faqbot.settings import StorageSettings
from faqbot.storage.access.keys import Keys
from faqbot.storage.access.secrets import Secrets
from faqbot.storage.audit import AuditLog
from faqbot.storage.backups.backups import Backups
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database
from faqbot.storage.draft.draft import Draft
from faqbot.storage.draft.findings import Findings
from faqbot.storage.questions.asked import AskedQuestions
from faqbot.storage.questions.feedback import CustomerFeedback
from faqbot.storage.questions.labels import Labels
from faqbot.storage.questions.tests import QuestionTests
from faqbot.storage.questions.traffic import TrafficEffects
from faqbot.storage.vectors.vectors import Vectors
from faqbot.storage.versions import Versions
from faqbot.storage.work.deliveries import Deliveries
from faqbot.storage.work.jobs import Jobs


class Storage:
    """One opened database. A use case takes the parts that it touches, never the whole.

    Safe to use from many threads and, on the same database, from many processes. Every method of a part is one
    transaction and may raise `DatabaseUnavailable`; further errors are named at each. Where a change concerns two
    parts, the one that leads does both in its transaction: `versions.add` tells the job it is done for, every change
    writes its line of `audit`, and what `draft.create` and `draft.update` give back is what they have written.

    Close it, or use it as a context manager.

    Attributes:
        draft: What admins edit.
        versions: What was published, and which of it customers get.
        vectors: Encodings of wordings and passages.
        labels: Questions whose entries somebody has decided on.
        questions: What customers asked last.
        tests: Questions with the decision that every version has to make.
        traffic: What customers' questions did to the thresholds.
        feedback: What customers thought of replies.
        findings: What the last whole check of the draft found.
        jobs: Work in the background.
        keys: API keys.
        secrets: Random values that all processes share.
        deliveries: Messages of outside programs that were taken in.
        audit: Who changed what.
        backups: All of this as one file.
        folder: Where SQLite's file lies; None for PostgreSQL.
    """

    def __init__(self, database: Database) -> None:
        """Work on a database whose tables are up to date."""
        self._database = database
        self.folder = database.folder
        self.draft = Draft(database)
        self.versions = Versions(database)
        self.vectors = Vectors(database)
        self.labels = Labels(database)
        self.questions = AskedQuestions(database)
        self.tests = QuestionTests(database)
        self.traffic = TrafficEffects(database)
        self.feedback = CustomerFeedback(database)
        self.findings = Findings(database)
        self.jobs = Jobs(database)
        self.keys = Keys(database)
        self.secrets = Secrets(database)
        self.deliveries = Deliveries(database)
        self.audit = AuditLog(database)
        self.backups = Backups(database)

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


def open_storage(settings: StorageSettings, migrate: bool = True) -> Storage:
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
    return Storage(database)

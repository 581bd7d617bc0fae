"""Everything that one database keeps, part by part."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from faqbot.errors import StorageError
from faqbot.settings import StorageSettings
from faqbot.storage.access.keys import Keys
from faqbot.storage.access.secrets import Secrets
from faqbot.storage.audit import AuditLog
from faqbot.storage.backups.backups import Backups
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database
from faqbot.storage.database.installation import marker_of
from faqbot.storage.database.opening import Expected, open_database
from faqbot.storage.database.watching import DatabaseWatch
from faqbot.storage.draft.draft import Draft
from faqbot.storage.draft.findings import Findings
from faqbot.storage.questions.asked import AskedQuestions
from faqbot.storage.questions.feedback import CustomerFeedback
from faqbot.storage.questions.labels import Labels
from faqbot.storage.questions.tests import QuestionTests
from faqbot.storage.questions.traffic import TrafficEffects
from faqbot.storage.tables import ENTRY_FIELDS
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
        self._watch = DatabaseWatch(self._look, database.place)
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
        self.backups = Backups(database, _read_everything)

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

    @property
    def problem(self) -> StorageError | None:
        """Why the database cannot be used, as far as `watch` has found; costs nothing."""
        return self._watch.problem

    def watch(self, seconds: float) -> None:
        """Look every so many seconds whether the database is there and still the one that was opened."""
        self._watch.start(seconds)

    def check(self) -> None:
        """Make sure that the database answers, is the one that was opened, and has the tables of this program.

        Raises:
            DatabaseUnavailable: The database does not answer, or may not be written.
            DatabaseLost: It was deleted, emptied, or replaced by another.
            SchemaOutdated: Its tables are missing, older or newer.
        """
        if self._watch.is_running and (problem := self._watch.problem):
            # At once, where a look of our own might have to wait.
            raise type(problem)(problem.message)
        self._database.check()
        migrating.check_schema(self._database)

    def _look(self) -> None:
        self._database.check()
        self.keys.remember()

    def close(self) -> None:
        """Stop watching and close every connection; a later call opens new ones."""
        self._watch.stop()
        self._database.close()


def _read_everything(database: Database) -> None:
    """Read what servers and commands read, to see that this program can."""
    tried = Storage(database)
    lists = [field.name for field in ENTRY_FIELDS if field.type == tuple[str, ...]]
    for entry in tried.draft.entries():
        texts = [text for name in lists for text in getattr(entry, name)]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(entry.entry_id)
    for version in tried.versions.all():
        tried.versions.get(version.number)
        tried.versions.checks(version.number)
    tried.versions.current()
    tried.labels.all()
    tried.tests.all()
    tried.keys.all()
    tried.questions.last()


def open_storage(
    settings: StorageSettings, migrate: bool = True, *, creates: bool = True, expected: Expected = "known"
) -> Storage:
    """Open the database of the settings.

    Args:
        settings: Where it is.
        migrate: Whether to create or update its tables first; otherwise they have to be up to date.
        creates: Whether to make a database where there is none, and to let its marker remember it.
        expected: What may be found: only the installation that the marker knows, if it knows one; or whatever there
            is, where nothing is made `anew`, as another installation; or the same, where the marker's installation is
            about to be `restored`.

    Raises:
        DatabaseUnavailable: The URL is wrong, the database cannot be reached or written, or there is none and none is
            to be made.
        DatabaseLost: There is none where there was one, or that of another installation.
        SchemaOutdated: The tables are newer than this program, or not up to date where `migrate` is false.
    """
    database = Database(settings.database_url, keep_changes=settings.keep_changes)
    try:
        marker = marker_of(database.url, settings.marker)
        open_database(database, marker, migrate=migrate, creates=creates, expected=expected)
    except BaseException:
        database.close()
        raise
    return Storage(database)

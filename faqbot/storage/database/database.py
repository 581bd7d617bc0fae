"""Opening the database, its transactions, and its failures in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from faqbot.errors import DatabaseLost, DatabaseUnavailable, StorageError
from faqbot.language import _
from faqbot.storage.database.engine import WRITING, make_engine
from faqbot.storage.database.file_presence import FilePresence
from faqbot.storage.database.installation import Marker, installation_in
from faqbot.storage.database.urls import make_file, read_url
from faqbot.storage.tables import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

# PostgreSQL's number for it.
_NO_SUCH_TABLE = "42P01"


class Database:
    """One opened database: transactions that commit whole or not at all.

    Attributes:
        engine: SQLAlchemy's engine.
        url: Where the database is.
        file: SQLite's file; None for PostgreSQL, and for a file that is named by a URI.
        place: The database in words, without any secret.
        installation: Whose database this is; None until it was opened. Nothing is written to anybody else's.
        marker: Remembers the installation outside of the database, where there is one to.
        is_new: Whether it was made when it was opened, and no marker knew of it.
        lost: What the last check found, where the database is not what was opened.
    """

    def __init__(self, database_url: str, *, keep_changes: int = 100_000) -> None:
        """Prepare the engine; connects to nothing yet.

        Args:
            database_url: SQLAlchemy's URL.
            keep_changes: Lines of the audit log that are kept; 0: none.

        Raises:
            DatabaseUnavailable: The URL cannot be parsed, or names another kind of database.
        """
        address = read_url(database_url)
        self.place = address.place
        self._secrets = address.secrets
        self.installation: bytes | None = None
        self.marker: Marker | None = None
        self.is_new = False
        self.lost: DatabaseLost | None = None
        self.url, self.file = address.url, address.file
        self._file = FilePresence(address.file, address.place) if address.file else None
        self.engine = make_engine(address.url, self._file)
        self._info = {"keep_changes": keep_changes}
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = self.engine.execution_options(**isolation)
        self._writers = self.engine.execution_options(**{WRITING: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; PostgreSQL otherwise."""
        return self.engine.dialect.name == "sqlite"

    @property
    def folder(self) -> Path | None:
        """Where the file lies; None for PostgreSQL, and for a file that is named by a URI."""
        return self.file.parent if self.file else None

    def belongs_to(self, installation: bytes) -> None:
        """Take what is open for the right database, of this installation, and let the marker remember it."""
        self.installation = installation
        if self.marker:
            self.marker.write(installation)
        if self._file:
            self._file.remember()

    def check(self) -> None:
        """Make sure that this is still the database that was opened.

        Raises:
            DatabaseLost: It was deleted, replaced, emptied or overwritten.
            DatabaseUnavailable: It does not answer, or may not be written.
        """
        try:
            if self._file:
                self._file.check()
                self._file.check_content(self.installation)
            with self.reading() as session:
                self.confirm(session)
        except DatabaseLost as error:
            if self.lost is None and self._file and self._file.is_there(self.installation):
                self._save_log()
            self.lost = error
            raise
        self.lost = None

    def _save_log(self) -> None:
        """Bring what only a deleted log holds into the file, as long as a connection has that log open."""
        with suppress(SQLAlchemyError, DatabaseUnavailable):
            pooled = self.engine.raw_connection()
            try:
                pooled.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                pooled.close()

    def confirm(self, session: Session) -> None:
        """Make sure that a transaction is in the database of this installation.

        Raises:
            DatabaseLost: It is another installation's, or has none of our tables any more.
        """
        if self.installation is None:
            return
        try:
            found = installation_in(session)
        except (OperationalError, ProgrammingError) as error:
            if "no such table" not in str(error) and getattr(error.orig, "sqlstate", "") != _NO_SUCH_TABLE:
                raise
            found = None
        if found != self.installation:
            raise DatabaseLost(
                _(
                    "The {place} is not the one that faqbot was started with, it was emptied or replaced by another "
                    "installation's: put the former one back or restore a backup, and restart faqbot.",
                    place=self.place,
                )
            )

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction in which every query sees the same moment; keeps nobody from writing.

        Raises:
            DatabaseUnavailable: The database does not answer.
        """
        with self.explained(), Session(self._readers) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed at the end, and leaves nothing behind when an error leaves the block.

        On SQLite it takes the write lock at once, waiting up to 10 s, so that it cannot fail for it later.

        Raises:
            DatabaseUnavailable: The database does not answer, is read-only, full or busy.
            DatabaseLost: It is not the one that was opened.
            StorageError: The database refuses the data.
        """
        if self.lost:
            raise DatabaseLost(self.lost.message)
        if self._file:
            self._file.check()
        with self.explained(), Session(self._writers, info=self._info) as session, session.begin():
            self.confirm(session)
            yield session

    @contextmanager
    def within(self, connection: Connection) -> Iterator[Session]:
        """A session that works in a transaction which is somebody else's to commit."""
        with Session(connection, info=self._info) as session:
            yield session

    @contextmanager
    def changing_schema(self) -> Iterator[Connection]:
        """A writing transaction for migrations, the only one that makes SQLite's file where there is none.

        SQLite alters a table by making it anew and dropping the old one, and with foreign keys enforced
        the drop would delete every row that refers to it: so they are off in here.
        """
        if self.file:
            make_file(self.file)
        with self.explained(), self._writers.connect() as connection:
            self._enforce_foreign_keys(connection, on=False)
            try:
                with connection.begin():
                    yield connection
            finally:
                self._enforce_foreign_keys(connection, on=True)

    def clear_traces(self) -> None:
        """Let what was deleted go from the files as well, as far as nobody is reading it at this moment.

        SQLite has overwritten it and keeps the former pages in its write-ahead log until that is emptied; PostgreSQL
        keeps rows until they are vacuumed.
        """
        if not self.is_sqlite:
            # Vacuuming goes into no transaction.
            with self.explained(), self.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM asked, feedback")
            return
        with self.explained():
            pooled = self.engine.raw_connection()
            try:
                pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                pooled.close()

    def insert(self, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
        """An insert that can say what happens on conflict; both databases spell it alike."""
        if self.is_sqlite:
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # A start with SQLite need not wait for it.

        return postgresql.insert(table)

    def close(self) -> None:
        """Close every connection; whatever is opened next is taken for the right file."""
        self.engine.dispose()
        if self._file:
            self._file.forget()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the database library's errors into ours."""
        try:
            yield
        except (IntegrityError, DataError) as error:
            raise StorageError(
                _("The {place} refused the data: {reason}.", place=self.place, reason=self._reason(error))
            ) from error
        except DBAPIError as error:
            raise DatabaseUnavailable(
                _(
                    "The {place} cannot be used: {reason}; check storage.database_url.",
                    place=self.place,
                    reason=self._reason(error),
                )
            ) from error
        except PoolTimeoutError as error:
            raise DatabaseUnavailable(
                _("The {place} is too busy: no connection became free.", place=self.place)
            ) from error
        except UnicodeEncodeError as error:
            raise StorageError(
                _("A text holds half a character (a lone surrogate), which cannot be stored.")
            ) from error

    def _enforce_foreign_keys(self, connection: Connection, *, on: bool) -> None:
        # Past SQLAlchemy, whose first statement opens a transaction, in which the pragma does nothing.
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.execute(f"PRAGMA foreign_keys={'on' if on else 'off'}")

    def _reason(self, error: DBAPIError) -> str:
        lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        reason = " ".join(lines[0].split()).rstrip(".")
        for secret in self._secrets:
            reason = reason.replace(secret, "***")
        return reason

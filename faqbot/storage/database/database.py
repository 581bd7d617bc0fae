"""Opening the database, its transactions, and its failures in our words."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from faqbot.errors import DatabaseUnavailable, StorageError
from faqbot.language import _
from faqbot.storage.database.urls import read_url
from faqbot.storage.tables import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_BUSY_SECONDS = 10
_CONNECT_SECONDS = 5
_WRITING = "faqbot_writing"


class Database:
    """One opened database: transactions that commit whole or not at all.

    Attributes:
        engine: SQLAlchemy's engine.
        place: The database in words, without any secret.
    """

    def __init__(self, database_url: str, *, keep_changes: int = 100_000) -> None:
        """Prepare the engine; connects to nothing yet.

        Args:
            database_url: SQLAlchemy's URL.
            keep_changes: Lines of the audit log that are kept; 0: none.

        Raises:
            DatabaseUnavailable: The URL cannot be parsed, names another kind of database, or its folder
                cannot be made.
        """
        address = read_url(database_url)
        self.place = address.place
        self._secrets = address.secrets
        self.engine = _create(address.url)
        self._info = {"keep_changes": keep_changes}
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = self.engine.execution_options(**isolation)
        self._writers = self.engine.execution_options(**{_WRITING: True})

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; PostgreSQL otherwise."""
        return self.engine.dialect.name == "sqlite"

    @property
    def folder(self) -> Path | None:
        """Where the file lies; None for PostgreSQL, and for a file that is named by a URI."""
        name = self.engine.url.database or ""
        return Path(name).parent if self.is_sqlite and not name.startswith("file:") else None

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
            StorageError: The database refuses the data.
        """
        with self.explained(), Session(self._writers, info=self._info) as session, session.begin():
            yield session

    @contextmanager
    def within(self, connection: Connection) -> Iterator[Session]:
        """A session that works in a transaction which is somebody else's to commit."""
        with Session(connection, info=self._info) as session:
            yield session

    @contextmanager
    def changing_schema(self) -> Iterator[Connection]:
        """A writing transaction for migrations.

        SQLite alters a table by making it anew and dropping the old one, and with foreign keys enforced
        the drop would delete every row that refers to it: so they are off in here.
        """
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
        """Close every connection."""
        self.engine.dispose()

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


def _create(url: URL) -> Engine:
    # Parameters hold customers' texts: they belong in no log.
    options: dict[str, Any] = {
        "hide_parameters": True,
        "json_serializer": partial(json.dumps, ensure_ascii=False),
    }
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, **options)
        event.listen(engine, "do_connect", partial(_close_to_others, str(url.database)), once=True)
        event.listen(engine, "connect", _prepare_connection)
        event.listen(engine, "begin", _begin)
        return engine
    if "connect_timeout" not in url.query:
        options["connect_args"] = {"connect_timeout": _CONNECT_SECONDS}
    try:
        return create_engine(url, pool_pre_ping=True, **options)
    except (ImportError, NoSuchModuleError):
        raise DatabaseUnavailable(
            _(
                "The driver of '{drivername}' is not installed; use `postgresql+psycopg://` and run `pip "
                "install faqbot[postgres]`.",
                drivername=url.drivername,
            )
        ) from None


def _close_to_others(file: str, *_: object) -> None:
    """Let only the owner read a new database, and one that anybody could read; SQLite makes -wal and -shm alike.

    What is closed to others but open to a group was made so by somebody, and stays. A file that cannot be made or
    changed is for SQLite to complain about.
    """
    if file.startswith("file:"):
        return
    with suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    for path in (Path(f"{file}{ending}") for ending in ("", "-wal", "-shm")):
        with suppress(OSError):
            if path.stat().st_mode & 0o007:
                path.chmod(0o600)


def _prepare_connection(connection: sqlite3.Connection, _record: object) -> None:
    # Python's own transaction handling would commit before some statements; `_begin` replaces it.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=on")
    connection.execute("PRAGMA synchronous=normal")
    # What is deleted is overwritten, not only unlinked: customers' texts are among it.
    connection.execute("PRAGMA secure_delete=on")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

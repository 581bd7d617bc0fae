"""SQLAlchemy's engine for one database, and how each of its connections is set up."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import NoSuchModuleError

from faqbot.errors import DatabaseUnavailable
from faqbot.language import _
from faqbot.storage.database.file_presence import FilePresence, uri_of

WRITING = "faqbot_writing"
"""The execution option of a connection whose transactions write."""

_BUSY_SECONDS = 10
_CONNECT_SECONDS = 5


def make_engine(url: URL, file: FilePresence | None) -> Engine:
    """Prepare the engine; connects to nothing yet.

    Args:
        url: Where the database is.
        file: Watches SQLite's file.

    Raises:
        DatabaseUnavailable: The driver is not installed.
    """
    # Parameters hold customers' texts: they belong in no log.
    options: dict[str, Any] = {
        "hide_parameters": True,
        "json_serializer": partial(json.dumps, ensure_ascii=False),
    }
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, **options)
        if file:
            event.listen(engine, "do_connect", partial(_close_to_others, str(url.database)), once=True)
            event.listen(engine, "do_connect", partial(_open_what_is_there, file))
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
    """Let only the owner read a database that anybody could read; SQLite makes -wal and -shm alike.

    What is closed to others but open to a group was made so by somebody, and stays. A file that cannot be changed is
    for SQLite to complain about.
    """
    for path in (Path(f"{file}{ending}") for ending in ("", "-wal", "-shm")):
        with suppress(OSError):
            if path.stat().st_mode & 0o007:
                path.chmod(0o600)


def _open_what_is_there(
    file: FilePresence, _dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]
) -> None:
    """Let no connection make a new file where the database was, nor mix a former one's log with another's pages."""
    file.check()
    arguments[0] = uri_of(arguments[0], "rw")
    options["uri"] = True


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
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

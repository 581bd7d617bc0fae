"""Reading `storage.database_url`: what it may be, and what of it may be shown."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from faqbot.errors import DatabaseUnavailable
from faqbot.language import _

_EXAMPLES = _("write `sqlite:///path/to/file.db` or `postgresql+psycopg://user@host/name`")


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A database URL that can be opened.

    Attributes:
        url: For SQLAlchemy.
        place: The database in words for people, without any secret.
        secrets: Passwords in the URL, which no message may show.
        file: SQLite's file, absolute; None for PostgreSQL, and for a file that is named by a URI.
    """

    url: URL
    place: str
    secrets: tuple[str, ...]
    file: Path | None = None


def read_url(text: str) -> DatabaseAddress:
    """Read a database URL.

    Raises:
        DatabaseUnavailable: It cannot be parsed, or names another kind of database.
    """
    url = _parse(text)
    if url.get_backend_name() == "sqlite":
        url = _absolute(url)
        name = url.database or ""
        file = None if name.startswith("file:") else Path(name)
        return DatabaseAddress(url, _("SQLite file {file}", file=name), (), file)
    query = [value for name in ("password", "sslpassword") for value in url.normalized_query.get(name, ())]
    secrets = tuple(secret for secret in (url.password, *query) if secret)
    return DatabaseAddress(
        url, _("PostgreSQL database '{name}' on {host}", name=url.database or "", host=_host(url)), secrets
    )


def _parse(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # Never shown: what cannot be parsed may still hold a password.
        raise DatabaseUnavailable(
            _("storage.database_url is not a database URL; {examples}.", examples=_EXAMPLES)
        ) from None
    backend = url.get_backend_name()
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if backend not in ("sqlite", "postgresql"):
        raise DatabaseUnavailable(
            _("storage.database_url names the database '{backend}'; {examples}.", backend=backend, examples=_EXAMPLES)
        )
    return url


def _host(url: URL) -> str:
    host = url.host or ", ".join(url.normalized_query.get("host", ())) or "the local socket"
    return f"{host}:{url.port}" if url.port else host


def _absolute(url: URL) -> URL:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnavailable(
            _(
                "storage.database_url names no file, and a database in memory would be lost; write "
                "`sqlite:///path/to/file.db`."
            )
        )
    if url.database.startswith("file:"):
        return url
    return url.set(database=str(Path(url.database).expanduser().absolute()))


def make_file(path: Path) -> None:
    """Make an empty file, and its folder, for SQLite where there is none; only their owner may read them.

    A file that cannot be made is for SQLite to complain about.

    Raises:
        DatabaseUnavailable: The folder cannot be made.
    """
    try:
        # Customers' questions are nobody else's business.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            _(
                "The folder {parent} of the SQLite file cannot be made: {reason}; change storage.database_url.",
                parent=path.parent,
                reason=error.strerror,
            )
        ) from None
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

"""Bringing the tables up to date, and telling whether they are."""

from __future__ import annotations

import threading
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, inspect, text

from faqbot.errors import SchemaOutdated
from faqbot.language import _
from faqbot.storage.database.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

# Any constant will do, as long as no other program on the same PostgreSQL server uses it.
_POSTGRES_LOCK = 7_320_410_861
# Alembic keeps the running migration in module globals.
_one_at_a_time = threading.Lock()


def migrate(database: Database) -> None:
    """Create or update the tables; does nothing when they are current. Safe to run from many processes at once.

    Raises:
        DatabaseUnavailable: The database cannot be reached or written.
        SchemaOutdated: The tables were made by a newer faqbot.
    """
    with _one_at_a_time, database.changing_schema() as connection:
        _wait_for_others(connection)
        found = _revision(connection)
        if found == head_revision():
            return
        _refuse_newer(database, found)
        upgrade(connection)


def rebuild(connection: Connection, names: Collection[str], revision: str) -> None:
    """Drop tables with all that is in them, and make those of a revision; other programs' tables are left alone.

    Args:
        connection: In a transaction that somebody else opened.
        names: Of the tables to drop, as far as they are there.
        revision: One of `known_revisions`.
    """
    _wait_for_others(connection)
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name in {*names, "alembic_version"})
    metadata.drop_all(connection)
    upgrade(connection, revision)


def check_schema(database: Database) -> None:
    """Make sure that the tables are those of this program.

    Raises:
        DatabaseUnavailable: The database cannot be reached.
        SchemaOutdated: The tables are missing, older or newer.
    """
    with database.explained(), database.engine.connect() as connection:
        found = _revision(connection)
    if found == head_revision():
        return
    _refuse_newer(database, found)
    raise SchemaOutdated(
        _(
            "The {place} has {tables}, but this program needs revision {needed}; start `faqbot serve` once, "
            "which brings them up to date.",
            place=database.place,
            tables=_("tables of revision {found}", found=found) if found else _("no tables"),
            needed=head_revision(),
        )
    )


def has_tables(connection: Connection) -> bool:
    """Whether some faqbot has made its tables here."""
    return _revision(connection) is not None


def head_revision() -> str:
    """The newest migration of this program."""
    return known_revisions()[-1]


@lru_cache
def known_revisions() -> list[str]:
    """Every migration of this program, oldest first; their files begin with their numbers."""
    return sorted(path.name.partition("_")[0] for path in (_folder() / "versions").glob("[0-9]*_*.py"))


def _wait_for_others(connection: Connection) -> None:
    """Let one process at a time change the tables; SQLite's transaction has seen to it already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})


def _refuse_newer(database: Database, found: str | None) -> None:
    if found is not None and found not in known_revisions():
        raise SchemaOutdated(
            _(
                "The {place} was written by a newer faqbot (revision {found}, this program knows "
                "{known}); update faqbot or name another database.",
                place=database.place,
                found=found,
                known=head_revision(),
            )
        )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision, in a transaction that somebody else opened."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    # Alembic takes half a second to import, and most starts have nothing to upgrade.
    from alembic.config import Config

    config = Config()
    # The file format behind Config takes a single % for the start of a variable.
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    return config


def _folder() -> Path:
    """`faqbot/migrations` in an installed package, `migrations` beside the package in a checkout."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"

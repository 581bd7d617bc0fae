"""Bringing the tables up to date, and telling whether they are."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from faqbot.errors import SchemaOutdated
from faqbot.storage.database import Database

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
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
        found = _revision(connection)
        if found == head_revision():
            return
        _refuse_newer(database, found)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
        f"The {database.place} has {f'tables of revision {found}' if found else 'no tables'}, this program needs "
        f"revision {head_revision()}; start `faqbot serve` once, which brings them up to date."
    )


@lru_cache
def head_revision() -> str:
    """The newest migration of this program."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _refuse_newer(database: Database, found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaOutdated(
            f"The {database.place} was written by a newer faqbot (revision {found}, this program knows "
            f"{head_revision()}); update faqbot or name another database."
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    # The file format behind Config takes a single % for the start of a variable.
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    return config


def _folder() -> Path:
    """`faqbot/migrations` in an installed package, `migrations` beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"

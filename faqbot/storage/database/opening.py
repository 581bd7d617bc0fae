"""Opening a database: the right one, with the tables of this program."""

from __future__ import annotations

from typing import Literal

from faqbot.errors import DatabaseLost, DatabaseUnavailable
from faqbot.language import Text, _
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database
from faqbot.storage.database.installation import NAME, Marker, installation_in, installation_of_any, new_installation
from faqbot.storage.tables import SecretTable

Expected = Literal["known", "anew", "restored"]
"""What may be found: only the installation that the marker knows, if it knows one; or whatever there is, where nothing
is made `anew`, as another installation; or the same, where the marker's installation is about to be `restored`."""


def open_database(database: Database, marker: Marker, *, migrate: bool, creates: bool, expected: Expected) -> None:
    """Make sure that it is the right database, bring its tables up to date, and let the marker remember it.

    Args:
        database: Which.
        marker: Knows whose it was when it was last opened.
        migrate: Whether to create or update its tables; otherwise they have to be up to date.
        creates: Whether to make a database where there is none.
        expected: What may be found.

    Raises:
        DatabaseUnavailable: It cannot be reached or written, or there is none and none is to be made.
        DatabaseLost: There is none where there was one, or that of another installation.
        SchemaOutdated: The tables are newer than this program, or not up to date where `migrate` is false.
    """
    known = marker.read()
    found, installation = _look(database)
    if expected == "known" and known:
        if not found:
            raise _lost(database, marker)
        if installation not in (None, known):
            raise _others(database, marker)
    if not found and not (creates and migrate):
        raise DatabaseUnavailable(_none_here(database))
    if migrate:
        migrating.migrate(database)
    else:
        migrating.check_schema(database)
    new = known if known and (expected != "anew" or found) else new_installation()
    database.is_new = not found and new != known
    database.marker = marker if creates else None
    database.belongs_to(_installation(database, new))


def _look(database: Database) -> tuple[bool, bytes | None]:
    """Whether there are tables of ours, and whose."""
    if database.file and not (database.file.exists() and database.file.stat().st_size):
        # Not even opened: that would write.
        return False, None
    with database.explained(), database.engine.connect() as connection:
        return migrating.has_tables(connection), installation_of_any(connection)


def _installation(database: Database, new: bytes) -> bytes:
    """The id in the database, where there is none yet this one, which the first process to come puts there."""
    with database.reading() as session:
        found = installation_in(session)
    if found is None:
        with database.writing() as session:
            row = database.insert(SecretTable).values(name=NAME, value=new)
            session.execute(row.on_conflict_do_nothing())
            found = installation_in(session)
    return found or new


def _none_here(database: Database) -> Text:
    if database.file and not database.file.exists():
        return _(
            "There is no {place}: `faqbot serve` or `faqbot import` makes it; if it should be there, check "
            "storage.database_url.",
            place=database.place,
        )
    return _(
        "The {place} has no tables of faqbot: `faqbot serve` or `faqbot import` makes them; if they should be there, "
        "check storage.database_url.",
        place=database.place,
    )


def _lost(database: Database, marker: Marker) -> DatabaseLost:
    return DatabaseLost(
        _(
            "The {place} is missing or empty, but there was one before, as {marker} says: put it back, restore a "
            "backup with `faqbot restore FILE`, or start anew with `faqbot serve --starter`.",
            place=database.place,
            marker=marker.path,
        )
    )


def _others(database: Database, marker: Marker) -> DatabaseLost:
    return DatabaseLost(
        _(
            "The {place} belongs to another installation than {marker} says: put the right one back, restore a backup "
            "with `faqbot restore FILE --replace`, or delete {marker} if this one is meant.",
            place=database.place,
            marker=marker.path,
        )
    )

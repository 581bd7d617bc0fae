"""A backup into a database, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, MetaData, Table, cast, delete, func, insert, select, update

from faqbot.errors import DatabaseNotEmpty, SchemaOutdated
from faqbot.language import _, _n
from faqbot.storage.audit import log_changes
from faqbot.storage.backups.checking import check_whole
from faqbot.storage.backups.file import BackupFile, fill_tables, write_backup
from faqbot.storage.backups.manifest import Manifest
from faqbot.storage.chain import head
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database
from faqbot.storage.database.installation import NAME, installation_in, new_installation
from faqbot.storage.records import Change
from faqbot.storage.tables import Base, EntryTable, KeyTable, PublishedTable, SecretTable, VersionTable

_OF_KEYS: tuple[Table, ...] = (Base.metadata.tables[KeyTable.__tablename__], Base.metadata.tables["secrets"])


class Backups:
    """The whole database into a file, and back."""

    def __init__(self, database: Database, read_everything: Callable[[Database], None]) -> None:
        """Bind the database.

        Args:
            database: Which.
            read_everything: Reads every part of one, for trying a backup.
        """
        self._database = database
        self._read_everything = read_everything

    def write(self, path: Path, *, vectors: bool = True, key: str | None = None) -> Manifest:
        """Write everything but work in hand (`backup.TRANSIENT`), as it is at one moment; nobody has to wait.

        Args:
            path: The file; it is there whole or not at all, and only its owner may read it.
            vectors: Whether to take them along; without them the file is small, and publishing encodes again.

            key: Signs the file.

        Raises:
            FileError: The file cannot be written.
        """
        return write_backup(self._database, path, vectors=vectors, key=key)

    def restore(
        self, path: Path, *, replace: bool = False, with_keys: bool = False, key: str | None = None
    ) -> Manifest:
        """Put a backup in the place of everything that is here, in one transaction.

        Before that the whole of it is tried in a temporary database.

        Running servers go on answering, and switch to what was restored as to any publication.

        Args:
            path: What `write` wrote, on any kind of database, by this faqbot or an older one.
            replace: Whether entries and versions that are here may be lost.
            with_keys: Whether API keys and secrets come from the backup too; otherwise those that are here stay.
            key: The file has to be signed with it.

        Raises:
            FileError: There is no such file, or it is damaged; nothing was changed.
            SchemaOutdated: It was written by a newer faqbot.
            DatabaseNotEmpty: There is something here, and `replace` is false.
        """
        with BackupFile(path) as backup:
            revision = backup.manifest.revision
            if revision not in migrating.known_revisions():
                raise SchemaOutdated(
                    _(
                        "{path} was written by a newer faqbot (revision {revision}); update faqbot.",
                        path=path,
                        revision=revision,
                    )
                )
            backup.check_signature(key)
            backup.check()
            check_whole(backup, self._read_everything)
            with self._database.changing_schema() as connection:
                if not replace:
                    _refuse_loss(connection, self._database.place)
                generation = connection.scalar(select(PublishedTable.generation)) or 0
                with self._database.within(connection) as session:
                    replaced = head(session)
                kept = {} if with_keys else {table: _rows_of(connection, table) for table in _OF_KEYS}
                migrating.rebuild(connection, {*Base.metadata.tables, *backup.manifest.tables}, revision)
                _fill(connection, backup)
                migrating.upgrade(connection)
                _put_back(connection, kept)
                installation = _installation(connection, self._database)
                _finish(connection, self._database, generation, path.name, backup.manifest, replaced)
            self._database.belongs_to(installation)
            return backup.manifest


def _rows_of(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _put_back(connection: Connection, kept: dict[Table, list[dict[str, Any]]]) -> None:
    """Leave keys and secrets as they were; the id of the backup's installation goes on being told from the others."""
    restored = installation_in(connection)
    for table, rows in kept.items():
        connection.execute(table.delete())
        if rows:
            connection.execute(table.insert(), rows)
    if kept and restored:
        connection.execute(delete(SecretTable).where(SecretTable.name == NAME))
        connection.execute(insert(SecretTable).values(name=NAME, value=restored))
    if kept and connection.dialect.name == "postgresql":
        _continue_counting(connection, {table.name: table for table in kept})


def _refuse_loss(connection: Connection, place: str) -> None:
    entries, versions = (
        connection.scalar(select(func.count()).select_from(table)) or 0 for table in (EntryTable, VersionTable)
    )
    if entries or versions:
        raise DatabaseNotEmpty(
            _(
                "The {place} has {entries} and {versions}, which would be lost; back them up and add `--replace`.",
                place=place,
                entries=_n("{count} entry", "{count} entries", entries),
                versions=_n("{count} version", "{count} versions", versions),
            )
        )


def _fill(connection: Connection, backup: BackupFile) -> None:
    tables = _tables(connection, set(backup.manifest.tables))
    # A migration may have put first rows into them.
    for table in reversed(tables.values()):
        connection.execute(table.delete())
    fill_tables(connection, tables, backup)
    if connection.dialect.name == "postgresql":
        _continue_counting(connection, tables)


def _tables(connection: Connection, names: set[str]) -> dict[str, Table]:
    """The tables as they are in the database, which may be those of an older faqbot."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name in names)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return {table.name: table for table in metadata.sorted_tables}


def _continue_counting(connection: Connection, tables: dict[str, Table]) -> None:
    """PostgreSQL's counters know nothing of numbers that came with their rows; SQLite's do."""
    from sqlalchemy.dialects.postgresql import REGCLASS  # A start with SQLite need not wait for it.

    for name, table in tables.items():
        for column in table.primary_key.columns:
            counter = connection.scalar(select(func.pg_get_serial_sequence(name, column.name)))
            last = connection.scalar(select(func.max(column))) if counter else None
            if last:
                connection.execute(select(func.setval(cast(counter, REGCLASS), last)))


def _installation(connection: Connection, database: Database) -> bytes:
    """Leave the database to the installation that it is of; to the backup's where it was made for this restore."""
    known, restored = database.installation, installation_in(connection)
    chosen = restored if restored and (database.is_new or not known) else known or new_installation()
    connection.execute(delete(SecretTable).where(SecretTable.name == NAME))
    connection.execute(insert(SecretTable).values(name=NAME, value=chosen))
    return chosen


def _finish(
    connection: Connection, database: Database, generation: int, name: str, manifest: Manifest, replaced: str
) -> None:
    """Let servers notice, and write down what happened, and to which audit log."""
    restored = connection.scalar(select(PublishedTable.generation)) or 0
    rows = {table: record.rows for table, record in manifest.tables.items()}
    with database.within(connection) as session:
        session.execute(update(PublishedTable).values(generation=max(generation, restored) + 1))
        after = {"created_at": manifest.created_at, "rows": rows, "replaced_audit_head": replaced}
        log_changes(session, [Change("database.restore", name, None, after)])

"""A backup tried in a database of its own, before it touches the one that is in use.

Whatever could go wrong with it goes wrong there: a column that is not known, a value of another type, a row that refers
to nothing, a row that the migrations or this program cannot read.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Float, Integer, LargeBinary, MetaData, Table, text

from faqbot.errors import DatabaseUnavailable, FaqbotError, FileError
from faqbot.language import _
from faqbot.storage.backups.file import BackupFile, fill_tables
from faqbot.storage.backups.manifest import TRANSIENT, VECTORS
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database

_INTEGERS = range(-(2**63), 2**63)


def check_whole(backup: BackupFile, read_everything: Callable[[Database], None]) -> None:
    """Fill a temporary database with a backup, bring it up to date and read it.

    Args:
        backup: Its checksums are right.
        read_everything: Reads every part of a database, as this program does.

    Raises:
        UnreadableFile: It cannot be restored.
        FileError: There is no room for trying.
    """
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if backup.size > free:
        raise FileError(
            _(
                "Trying the backup needs {size} MB in {folder}, which has {free} MB: make room, or let TMPDIR name "
                "another folder.",
                size=backup.size // 1_000_000,
                folder=tempfile.gettempdir(),
                free=free // 1_000_000,
            )
        )
    with tempfile.TemporaryDirectory(prefix="faqbot-restore-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'trial.db'}")
        try:
            with database.changing_schema() as connection:
                migrating.upgrade(connection, backup.manifest.revision)
                tables = _tables_of_ours(connection)
                _check_names(backup, tables)
                for table in tables.values():
                    connection.execute(table.delete())
                fill_tables(connection, tables, _Checked(backup, tables))
                if connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise backup.no_backup()
                migrating.upgrade(connection)
            read_everything(database)
        except DatabaseUnavailable:
            raise
        except FaqbotError:
            raise backup.no_backup() from None
        except Exception:
            # What somebody has made up can fail anywhere; nothing but this trial has seen it.
            raise backup.no_backup() from None
        finally:
            database.close()


def _tables_of_ours(connection: Connection) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name != "alembic_version")
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    return {table.name: table for table in metadata.sorted_tables}


def _check_names(backup: BackupFile, tables: dict[str, Table]) -> None:
    expected = set(tables) - TRANSIENT
    if set(backup.manifest.tables) | {VECTORS} != expected | {VECTORS}:
        raise backup.no_backup()
    for name, record in backup.manifest.tables.items():
        binary = [column.name for column in tables[name].columns if isinstance(column.type, LargeBinary)]
        if sorted(record.binary) != sorted(binary):
            raise backup.damaged(name)


class _Checked:
    """The rows of a backup, each looked at."""

    def __init__(self, backup: BackupFile, tables: dict[str, Table]) -> None:
        self.manifest = backup.manifest
        self.damaged = backup.damaged
        self._backup = backup
        self._tables = tables

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        columns = {column.name: column for column in self._tables[name].columns}
        for row in self._backup.rows(name):
            if row.keys() != columns.keys() or not all(_fits(row[key], columns[key]) for key in row):
                raise self.damaged(name)
            yield row


def _fits(value: object, column: Column[Any]) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = column.type
    if isinstance(kind, JSON):
        return True
    if isinstance(kind, LargeBinary):
        return isinstance(value, bytes)
    if isinstance(kind, Boolean):
        return isinstance(value, bool)
    if isinstance(kind, Integer):
        return isinstance(value, int) and not isinstance(value, bool) and value in _INTEGERS
    if isinstance(kind, Float):
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    # PostgreSQL takes no NUL.
    return isinstance(value, str) and "\0" not in value

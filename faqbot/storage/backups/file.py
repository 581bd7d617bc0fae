"""The whole database as one file, and back.

The file is a zip: `manifest.json`, and per table `NAME.jsonl` with one JSON object per row, bytes in base64. It fits
every kind of database, and every later faqbot: rows go into the tables as they were, which are then brought up to date.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, select
from sqlalchemy.orm import Session

from faqbot.errors import FileError, FileNotFound, UnreadableFile
from faqbot.language import _
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.database.migrating import head_revision
from faqbot.storage.tables import Base

FORMAT = 1

VECTORS = "vectors"
"""The table that can be made again, by encoding."""

TRANSIENT = frozenset({"jobs", "deliveries"})
"""Work in hand: done a second time from a backup, it would be done twice."""

_MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 200
_MOST_MANIFEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One table in the file.

    Attributes:
        rows: How many.
        sha256: Of its lines, hexadecimal.
        binary: The columns whose values are base64.
    """

    rows: int
    sha256: str
    binary: list[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        format: Of the file.
        revision: Of the tables.
        created_at: UTC, ISO 8601.
        tables: By name, those that others refer to first.
    """

    format: int
    revision: str
    created_at: str
    tables: dict[str, TableRecord]


def write_backup(database: Database, path: Path, *, vectors: bool) -> Manifest:
    """Write every table as it is at one moment, while others go on reading and writing.

    Args:
        database: Its tables are up to date.
        path: The file, which is there whole or not at all; only its owner may read it.
        vectors: Whether to take them along.

    Raises:
        FileError: The file cannot be written.
    """
    left_out = TRANSIENT if vectors else TRANSIENT | {VECTORS}
    draft = path.with_name(f".{path.name}.part")
    try:
        # Keys' hashes and customers' questions are nobody else's business.
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            with database.reading() as session:
                tables = {
                    table.name: _write_table(session, table, archive)
                    for table in Base.metadata.sorted_tables
                    if table.name not in left_out
                }
            manifest = Manifest(FORMAT, head_revision(), now(), tables)
            archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
        draft.replace(path)
    except OSError as error:
        raise FileError(
            _("{path} cannot be written: {reason}; choose another place.", path=path, reason=error.strerror)
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


class BackupFile:
    """A backup that is being read; a context manager."""

    def __init__(self, path: Path) -> None:
        """Open the file and read what it holds.

        Raises:
            FileNotFound: There is no such file.
            UnreadableFile: It is no backup, or its list of contents is damaged.
        """
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
            with self._zip.open(_MANIFEST) as file:
                value = json.loads(file.read(_MOST_MANIFEST_BYTES))
            tables = {name: TableRecord(**record) for name, record in value["tables"].items()}
            self.manifest = Manifest(value["format"], value["revision"], value["created_at"], tables)
        except FileNotFoundError:
            raise FileNotFound(_("There is no file {path}; check the path.", path=path)) from None
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError):
            raise UnreadableFile(_("{path} is no backup of faqbot, or it is damaged.", path=path)) from None
        if self.manifest.format != FORMAT:
            raise UnreadableFile(_("{path} was written by a newer faqbot; update faqbot to read it.", path=path))

    def __enter__(self) -> BackupFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def check(self) -> None:
        """Read everything once and compare it with the checksums.

        Raises:
            UnreadableFile: Something is missing or not as it was written.
        """
        for name, record in self.manifest.tables.items():
            digest, rows = hashlib.sha256(), 0
            for line in self._lines(name):
                digest.update(line)
                rows += 1
            if (rows, digest.hexdigest()) != (record.rows, record.sha256):
                raise self.damaged(name)

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, one after the other."""
        binary = self.manifest.tables[name].binary
        for line in self._lines(name):
            row: dict[str, Any] = json.loads(line)
            for column in binary:
                if row[column] is not None:
                    row[column] = base64.b64decode(row[column])
            yield row

    def _lines(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(f"{name}.jsonl") as file:
                yield from file
        except (OSError, zipfile.BadZipFile, zlib.error, KeyError, EOFError):
            raise self.damaged(name) from None

    def damaged(self, name: str) -> UnreadableFile:
        """The error of a table that cannot be read or does not fit."""
        return UnreadableFile(
            _(
                "{path} is damaged (table '{name}'); nothing was changed. Take another backup.",
                path=self._path,
                name=name,
            )
        )


def fill_tables(connection: Connection, tables: dict[str, Table], backup: BackupFile) -> None:
    """Put the rows of a backup into empty tables.

    Raises:
        UnreadableFile: There is a table that no faqbot of its revision has.
    """
    for name in backup.manifest.tables:
        if name not in tables:
            raise backup.damaged(name)
        waiting: list[dict[str, Any]] = []
        for row in backup.rows(name):
            waiting.append(row)
            if len(waiting) == _ROWS_AT_ONCE:
                connection.execute(tables[name].insert(), waiting)
                waiting = []
        if waiting:
            connection.execute(tables[name].insert(), waiting)


def _write_table(session: Session, table: Table, archive: zipfile.ZipFile) -> TableRecord:
    binary = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
    ordered = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS_AT_ONCE)
    digest, count = hashlib.sha256(), 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in session.execute(ordered).mappings():
            line = _line(dict(row), binary)
            digest.update(line)
            out.write(line)
            count += 1
    return TableRecord(count, digest.hexdigest(), binary)


def _line(row: dict[str, Any], binary: list[str]) -> bytes:
    for column in binary:
        if row[column] is not None:
            row[column] = base64.b64encode(row[column]).decode("ascii")
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"

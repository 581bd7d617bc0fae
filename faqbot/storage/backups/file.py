"""The whole database as one file, and back.

The file is a zip: `manifest.json`, and per table `NAME.jsonl` with one JSON object per row, bytes in base64. It fits
every kind of database, and every later faqbot: rows go into the tables as they were, which are then brought up to date.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter
from sqlalchemy import Connection, LargeBinary, Table, select
from sqlalchemy.orm import Session

from faqbot.errors import FileError, FileNotFound, UnreadableFile
from faqbot.language import _
from faqbot.storage.backups.manifest import FORMAT, TRANSIENT, VECTORS, Manifest, TableRecord
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.database.migrating import head_revision
from faqbot.storage.tables import Base

_MANIFEST = "manifest.json"
_MAC = "manifest.mac"
_ROWS_AT_ONCE = 200
_MOST_MANIFEST_BYTES = 1_000_000
# The largest row is a version with its learned bytes.
_MOST_LINE_BYTES = 256_000_000
# Rows as we write them shrink to a tenth; what shrinks to less than this was made to fill a disk.
_MOST_RATIO = 300
_SMALL = 1_000_000
_MANIFEST_SHAPE = TypeAdapter(Manifest)


def write_backup(database: Database, path: Path, *, vectors: bool, key: str | None = None) -> Manifest:
    """Write every table as it is at one moment, while others go on reading and writing.

    Args:
        database: Its tables are up to date.
        path: The file, which is there whole or not at all; only its owner may read it.
        vectors: Whether to take them along.
        key: Signs the list of contents, and with its checksums everything.

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
            listed = json.dumps(asdict(manifest), indent=2).encode("utf-8")
            archive.writestr(_MANIFEST, listed)
            if key:
                archive.writestr(_MAC, _mac(key, listed))
        draft.replace(path)
    except OSError as error:
        raise FileError(
            _("{path} cannot be written: {reason}; choose another place.", path=path, reason=error.strerror)
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return manifest


class Rows(Protocol):
    """What tables are filled from; `BackupFile` is one."""

    manifest: Manifest

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, one after the other."""
        ...

    def damaged(self, name: str) -> UnreadableFile:
        """The error of a table that cannot be read or does not fit."""
        ...


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
        except FileNotFoundError:
            raise FileNotFound(_("There is no file {path}; check the path.", path=path)) from None
        except Exception:
            raise self.no_backup() from None
        try:
            self._listed = self._read_small(_MANIFEST)
            # The only one that is read of a file that nothing is known of: whatever is wrong with it, it is no backup.
            self.manifest = _MANIFEST_SHAPE.validate_json(self._listed, strict=True)
        except Exception:
            self._zip.close()
            raise self.no_backup() from None
        if self.manifest.format != FORMAT:
            self._zip.close()
            raise UnreadableFile(_("{path} was written by a newer faqbot; update faqbot to read it.", path=path))

    def __enter__(self) -> BackupFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def check_signature(self, key: str | None) -> bool:
        """Whether the file is signed with this key; without a key nothing is checked, and it is not.

        Raises:
            UnreadableFile: There is a key, and the file is not signed with it.
        """
        if not key:
            return False
        try:
            found = self._read_small(_MAC).decode("ascii")
        except Exception:
            found = ""
        if not hmac.compare_digest(found, _mac(key, self._listed)):
            raise UnreadableFile(
                _(
                    "{path} is not signed with backup.key, so somebody else may have written or changed it; nothing "
                    "was changed. Take another backup, or unset backup.key if you trust this one.",
                    path=self._path,
                )
            )
        return True

    def check(self) -> None:
        """Read everything once and compare it with the checksums.

        Raises:
            UnreadableFile: Something is missing, too much or not as it was written.
        """
        members = [member.filename for member in self._zip.infolist()]
        expected = [_MANIFEST, *(f"{name}.jsonl" for name in self.manifest.tables)]
        if sorted(members) not in (sorted(expected), sorted([*expected, _MAC])):
            raise self.no_backup()
        for member in self._zip.infolist():
            if member.file_size > max(_SMALL, _MOST_RATIO * member.compress_size):
                raise self.damaged(member.filename.removesuffix(".jsonl"))
        for name, record in self.manifest.tables.items():
            digest, rows = hashlib.sha256(), 0
            for line in self._lines(name):
                digest.update(line)
                rows += 1
            if (rows, digest.hexdigest()) != (record.rows, record.sha256):
                raise self.damaged(name)

    @property
    def size(self) -> int:
        """Bytes of all rows, unpacked."""
        return sum(member.file_size for member in self._zip.infolist())

    def _read_small(self, name: str) -> bytes:
        with self._zip.open(name) as file:
            data = file.read(_MOST_MANIFEST_BYTES + 1)
        if len(data) > _MOST_MANIFEST_BYTES:
            raise ValueError(name)
        return data

    def no_backup(self) -> UnreadableFile:
        """The error of a file that is none of ours."""
        return UnreadableFile(_("{path} is no backup of faqbot, or it is damaged.", path=self._path))

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, one after the other."""
        binary = self.manifest.tables[name].binary
        for line in self._lines(name):
            row: dict[str, Any] = json.loads(line)
            for column in binary:
                if row[column] is not None:
                    row[column] = base64.b64decode(row[column], validate=True)
            yield row

    def _lines(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(f"{name}.jsonl") as file:
                while line := file.readline(_MOST_LINE_BYTES + 1):
                    if len(line) > _MOST_LINE_BYTES:
                        raise self.damaged(name)
                    yield line
        except (OSError, zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, NotImplementedError):
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


def fill_tables(connection: Connection, tables: dict[str, Table], backup: Rows) -> None:
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


def _mac(key: str, listed: bytes) -> str:
    return hmac.new(key.encode("utf-8"), listed, hashlib.sha256).hexdigest()


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

"""Whether SQLite's file is still the one that was opened.

A file that was deleted or replaced goes on existing for whoever has it open: everything would seem to work, and be
gone with the process. The same holds for the write-ahead log and its index beside it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from faqbot.errors import DatabaseLost, DatabaseUnavailable
from faqbot.language import Text, _
from faqbot.storage.database.installation import NAME

_Identity = tuple[int, int]


class FilePresence:
    """The files of one SQLite database, as they were when it was opened. Safe to share among threads."""

    def __init__(self, path: Path, place: Text | str) -> None:
        """Bind the file; nothing is remembered yet.

        Args:
            path: The database file.
            place: The same in words.
        """
        self._path = path
        self._place = place
        self._beside = tuple(Path(f"{path}{ending}") for ending in ("-wal", "-shm"))
        self._known: dict[Path, _Identity] = {}

    def remember(self) -> None:
        """Take the file that is there for the right one."""
        self._known = {}
        if identity := _identity(self._path):
            self._known[self._path] = identity

    def forget(self) -> None:
        """Take whatever is opened next for the right one."""
        self._known = {}

    def is_there(self, installation: bytes | None) -> bool:
        """Whether the file itself is the one that was opened, whatever became of those beside it."""
        return _identity(self._path) == self._known.get(self._path) and self._is_ours(installation)

    def check(self) -> None:
        """Make sure that the files are those that were opened; takes some microseconds.

        Raises:
            DatabaseLost: One was deleted or replaced.
        """
        if not self._known:
            return
        now = _identity(self._path)
        if now is None:
            raise DatabaseLost(
                _(
                    "The {place} was deleted while faqbot was running: put the file back, or restore a backup, then "
                    "restart faqbot.",
                    place=self._place,
                )
            )
        if now != self._known[self._path]:
            raise DatabaseLost(
                _(
                    "The {place} was replaced by another file while faqbot was running: put the former one back, or "
                    "restart faqbot to use this one.",
                    place=self._place,
                )
            )
        for path in self._beside:
            # They are there as long as somebody has the database open, which this process has.
            now = _identity(path)
            if path not in self._known and now:
                self._known[path] = now
            elif path in self._known and now != self._known[path]:
                raise DatabaseLost(
                    _(
                        "The file {file}, which belongs to the database, was deleted or replaced while faqbot was "
                        "running: restart faqbot, and look whether the last changes are there.",
                        file=path,
                    )
                )

    def check_content(self, installation: bytes | None) -> None:
        """Make sure that the file is a database and may be written; takes about a tenth of a millisecond.

        Args:
            installation: Whose it has to be.

        Raises:
            DatabaseLost: It holds no database any more, or another installation's.
            DatabaseUnavailable: It, or its folder, may not be written.
        """
        if not self._known:
            return
        if not self._is_ours(installation):
            raise DatabaseLost(
                _(
                    "The {place} was emptied or overwritten while faqbot was running: stop faqbot, put the former file "
                    "back or restore a backup, and start it again.",
                    place=self._place,
                )
            )
        if not (os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK | os.X_OK)):
            raise DatabaseUnavailable(
                _(
                    "The {place} may not be written: give the user who runs faqbot the right to write the file and "
                    "its folder.",
                    place=self._place,
                )
            )

    def _is_ours(self, installation: bytes | None) -> bool:
        """What the file itself says, past everything that this process remembers and the log beside it holds."""
        try:
            if not self._path.stat().st_size:
                return False
            with closing(sqlite3.connect(f"{uri_of(self._path, 'ro')}&immutable=1", uri=True)) as connection:
                connection.execute("PRAGMA schema_version").fetchone()
                # The id may be in the log only; then, and while the log is being emptied, there is nothing to compare.
                with suppress(sqlite3.DatabaseError):
                    found = connection.execute("SELECT value FROM secrets WHERE name = ?", (NAME,)).fetchone()
                    return found is None or found[0] == installation
        except (OSError, sqlite3.OperationalError) as error:
            raise DatabaseUnavailable(
                _("The {place} cannot be read: {reason}.", place=self._place, reason=str(error))
            ) from None
        except sqlite3.DatabaseError as error:
            # Where a disk was full while the log was copied into the file, the file alone is torn, and whole with it.
            is_torn = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT
            return is_torn and self._has_log()
        return True

    def _has_log(self) -> bool:
        with suppress(OSError):
            return self._beside[0].stat().st_size > 0
        return False


def uri_of(path: Path | str, mode: str) -> str:
    """A file as SQLite's URI, to be opened in this mode: `ro`, or `rw`, which makes no new file."""
    return f"file:{quote(str(path))}?mode={mode}"


def _identity(path: Path) -> _Identity | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino

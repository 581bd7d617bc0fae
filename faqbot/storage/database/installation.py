"""Which installation a database belongs to, and the marker that remembers it where the database is lost.

The installation's id is random, made with the first tables, and kept among the secrets. The marker repeats it in a
small file outside of the database, so that a start that finds no database, an empty one or somebody else's is not
taken for a first start.
"""

from __future__ import annotations

import hashlib
import logging
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import URL, Connection, inspect, select
from sqlalchemy.orm import Session

from faqbot.storage.tables import SecretTable

_log = logging.getLogger(__name__)

NAME = "installation"
"""Of the id among the secrets."""

_BYTES = 32


class Marker:
    """A small file with the id of the installation that a database belongs to."""

    def __init__(self, path: Path) -> None:
        """Bind the file, which need not be there."""
        self.path = path

    def read(self) -> bytes | None:
        """The id; None where there is no marker, or none that can be read."""
        try:
            installation = bytes.fromhex(self.path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return installation if len(installation) == _BYTES else None

    def write(self, installation: bytes) -> None:
        """Keep the id, whole or not at all; a place that cannot be written costs a line in the log, not the start."""
        if self.read() == installation:
            return
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
                file.write(installation.hex() + "\n")
            draft.replace(self.path)
        except OSError as error:
            _log.warning(
                "%s cannot be written (%s): a database that is lost later will look like a first start. "
                "Let storage.marker name another place.",
                self.path,
                error.strerror,
            )
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def marker_of(url: URL, named: Path | None) -> Marker:
    """The marker of a database.

    Args:
        url: Where the database is.
        named: The file of the settings; unset: beside SQLite's file, in the folder `data` for PostgreSQL.
    """
    if named is not None:
        return Marker(named.expanduser().absolute())
    place = url.database or ""
    if url.get_backend_name() == "sqlite" and not place.startswith("file:"):
        # Another beginning than the database's files have: what takes those away by their names leaves it.
        return Marker(Path(place).with_name(f"{Path(place).name.replace('.', '-')}.installation"))
    where = f"{url.get_backend_name()}://{url.host}:{url.port}/{place}?{sorted(url.normalized_query.get('host', ()))}"
    return Marker(Path("data").absolute() / f"database-{hashlib.sha256(where.encode()).hexdigest()[:12]}.installation")


def installation_in(session: Session | Connection) -> bytes | None:
    """The id that a database of ours has; None where it has none yet."""
    found: bytes | None = session.execute(
        select(SecretTable.value).where(SecretTable.name == NAME)
    ).scalar_one_or_none()
    return found


def installation_of_any(connection: Connection) -> bytes | None:
    """The same for a database that may have older tables, or none."""
    return installation_in(connection) if inspect(connection).has_table(SecretTable.__tablename__) else None


def new_installation() -> bytes:
    """An id for a new installation."""
    return token_bytes(_BYTES)

"""API keys: the hash, the role and a label; never the key."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from faqbot.storage.audit import log_changes
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import Change, KeyRow, Role
from faqbot.storage.tables import KeyTable

_COLUMNS = (KeyTable.id, KeyTable.role, KeyTable.label, KeyTable.created_at, KeyTable.revoked)


class Keys:
    """API keys, by their hashes."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def add(self, role: Role, label: str, key_hash: str) -> KeyRow:
        """Store a key by the SHA-256 hex of the key.

        Raises:
            StorageError: The key is stored already.
        """
        values = {"role": role, "label": label, "key_hash": key_hash, "created_at": now(), "revoked": False}
        with self._database.writing() as session:
            row = session.execute(insert(KeyTable).values(**values).returning(*_COLUMNS)).one()
            log_changes(session, [Change("key.create", str(row.id), None, {"role": role, "label": label})])
        return KeyRow(*row)

    def find(self, key_hash: str) -> KeyRow | None:
        """The key with this hash; None when it is not known or revoked."""
        known = select(*_COLUMNS).where(KeyTable.key_hash == key_hash, KeyTable.revoked.is_(False))
        with self._database.reading() as session:
            row = session.execute(known).one_or_none()
        return None if row is None else KeyRow(*row)

    def all(self) -> list[KeyRow]:
        """Every key in the order of creation, revoked ones included."""
        with self._database.reading() as session:
            return [KeyRow(*row) for row in session.execute(select(*_COLUMNS).order_by(KeyTable.id))]

    def revoke(self, key_id: int) -> bool:
        """Make a key useless for good; False when there is none of this id."""
        change = update(KeyTable).where(KeyTable.id == key_id).values(revoked=True)
        with self._database.writing() as session:
            found = session.execute(change.returning(KeyTable.role, KeyTable.label)).one_or_none()
            if found is not None:
                log_changes(
                    session, [Change("key.revoke", str(key_id), {"role": found.role, "label": found.label}, None)]
                )
        return found is not None

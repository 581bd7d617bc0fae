"""API keys: the hash, the role, a name and what became of them; never the key."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from faqbot.storage.audit import log_changes
from faqbot.storage.database.clock import now
from faqbot.storage.database.database import Database
from faqbot.storage.records import Change, KeyRow, KeyUse, Role
from faqbot.storage.tables import KeyTable

_COLUMNS = (
    KeyTable.id,
    KeyTable.role,
    KeyTable.name,
    KeyTable.created_at,
    KeyTable.expires_at,
    KeyTable.last_used_at,
    KeyTable.revoked,
)
_NETWORKS_KEPT = 50
_NETWORKS_TOLD = 20


class Keys:
    """API keys, by their hashes."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database
        self._remembered: dict[str, KeyRow] = {}

    def add(self, role: Role, name: str, key_hash: str, expires_at: str | None = None) -> KeyRow:
        """Store a key by the SHA-256 hex of the key.

        Raises:
            StorageError: The key is stored already.
        """
        with self._database.writing() as session:
            row = _insert(session, role, name, key_hash, expires_at)
            log_changes(session, [_made(row)])
        return row

    def rotate(self, key_id: int, key_hash: str, until: str, expires_at: str | None = None) -> KeyRow | None:
        """Store a key with the role and the name of another, which is to end.

        Args:
            key_id: Of the other.
            key_hash: Of the new key.
            until: When the other ends at the latest.
            expires_at: When the new one ends.

        Returns:
            The new key; None where there is no other of this id, or where it is revoked.
        """
        with self._database.writing() as session:
            chosen = select(KeyTable.role, KeyTable.name, KeyTable.expires_at)
            chosen = chosen.where(KeyTable.id == key_id, KeyTable.revoked.is_(False))
            old = session.execute(chosen.with_for_update()).one_or_none()
            if old is None:
                return None
            row = _insert(session, old.role, old.name, key_hash, expires_at)
            ends = min(until, old.expires_at or until)
            session.execute(update(KeyTable).where(KeyTable.id == key_id).values(expires_at=ends))
            before, after = {"expires_at": old.expires_at}, {"expires_at": ends, "successor": row.key_id}
            log_changes(session, [_made(row), Change("key.rotate", str(key_id), before, after)])
        return row

    def find(self, key_hash: str) -> KeyRow | None:
        """The key with this hash, which may have expired; None when it is not known or revoked."""
        known = select(*_COLUMNS).where(KeyTable.key_hash == key_hash, KeyTable.revoked.is_(False))
        with self._database.reading() as session:
            row = session.execute(known).one_or_none()
        return None if row is None else KeyRow(*row)

    def remember(self) -> None:
        """Read what `remembered` gives: whoever watches the database calls this while it can be used."""
        working = select(KeyTable.key_hash, *_COLUMNS).where(KeyTable.revoked.is_(False))
        with self._database.reading() as session:
            self._remembered = {row[0]: KeyRow(*row[1:]) for row in session.execute(working)}

    def remembered(self, key_hash: str) -> KeyRow | None:
        """The key with this hash as of the last `remember`, without looking into the database."""
        return self._remembered.get(key_hash)

    def all(self) -> list[KeyRow]:
        """Every key in the order of creation, revoked ones included."""
        with self._database.reading() as session:
            return [KeyRow(*row) for row in session.execute(select(*_COLUMNS).order_by(KeyTable.id))]

    def note_uses(self, uses: Iterable[KeyUse]) -> None:
        """Write down when keys were used; the first use of one, and a use from a new network, are audited."""
        changes = []
        with self._database.writing() as session:
            for use in sorted(uses, key=lambda use: use.key_id):
                found = session.execute(_locked(use.key_id)).one_or_none()
                if found is not None:
                    new = sorted(use.networks.difference(found.networks))
                    values: dict[str, object] = {"last_used_at": max(use.at, found.last_used_at or "")}
                    if new:
                        values["networks"] = [*found.networks, *new][-_NETWORKS_KEPT:]
                    session.execute(update(KeyTable).where(KeyTable.id == use.key_id).values(**values))
                    if new or not found.last_used_at:
                        changes.append(_used(use.key_id, found.name, new, first=not found.last_used_at))
            log_changes(session, changes)

    def revoke(self, key_id: int) -> bool:
        """Make a key useless for good; False when there is none of this id."""
        change = update(KeyTable).where(KeyTable.id == key_id).values(revoked=True)
        with self._database.writing() as session:
            found = session.execute(change.returning(KeyTable.role, KeyTable.name)).one_or_none()
            if found is not None:
                before = {"role": found.role, "name": found.name}
                log_changes(session, [Change("key.revoke", str(key_id), before, None)])
        return found is not None


def _insert(session: Session, role: Role, name: str, key_hash: str, expires_at: str | None) -> KeyRow:
    values = {"role": role, "name": name, "key_hash": key_hash, "created_at": now(), "expires_at": expires_at}
    row = session.execute(insert(KeyTable).values(**values, revoked=False, networks=[]).returning(*_COLUMNS)).one()
    return KeyRow(*row)


def _made(row: KeyRow) -> Change:
    after = {"role": row.role, "name": row.name, "expires_at": row.expires_at}
    return Change("key.create", str(row.key_id), None, after)


def _used(key_id: int, name: str, networks: list[str], *, first: bool) -> Change:
    after = {"name": name, "first": first, "new_networks": len(networks), "such_as": networks[:_NETWORKS_TOLD]}
    return Change("key.use", str(key_id), None, after)


def _locked(key_id: int) -> Select[str, str | None, list[str]]:
    chosen = select(KeyTable.name, KeyTable.last_used_at, KeyTable.networks)
    return chosen.where(KeyTable.id == key_id, KeyTable.revoked.is_(False)).with_for_update()

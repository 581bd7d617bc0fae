"""API keys: made once, shown once, stored hashed; they have a name, and may have an end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from faqbot.errors import InvalidRequest, KeyNotFound, StorageError
from faqbot.knowledge import moment_of
from faqbot.language import _
from faqbot.storage import KeyRow, Keys, now

Role = Literal["admin", "agent", "ask"]
ROLES: tuple[Role, ...] = get_args(Role)

OVERLAP_DAYS = 7
"""How long a key that has a successor goes on working, unless somebody says otherwise."""

_LAST = datetime(9999, 12, 31, tzinfo=UTC)

# An admin may do what an agent may, and an agent what a customer may.
_MAY: dict[Role, tuple[Role, ...]] = {
    "admin": ("admin",),
    "agent": ("admin", "agent"),
    "ask": ("admin", "agent", "ask"),
}


@dataclass(frozen=True, slots=True)
class NewKey(KeyRow):
    """A key that was just made.

    Attributes:
        key: The key itself; this is the only copy.
    """

    key: str


@dataclass(frozen=True, slots=True)
class KeyList:
    """Every key in the order of creation, without the keys themselves."""

    keys: tuple[KeyRow, ...]


class KeyService:
    """Makes keys and tells what they may do."""

    def __init__(self, keys: Keys, problem: Callable[[], StorageError | None] = lambda: None) -> None:
        """Bind what is stored of keys.

        Args:
            keys: The stored part.
            problem: Why the database cannot be used, as far as somebody has noticed.
        """
        self._keys = keys
        self._problem = problem

    def create(self, role: Role, name: str = "", expires: str | None = None) -> NewKey:
        """Make a key.

        Args:
            role: What it may do.
            name: Whose it is, or what for.
            expires: ISO 8601 date, which it still opens doors on, or date-time; unset: never.

        Raises:
            InvalidRequest: There is no such role, or the end is no date or past.
        """
        if role not in ROLES:
            raise InvalidRequest(_("There is no role '{role}'; choose one of {roles}.", role=role, roles=list(ROLES)))
        key = _new_key(role)
        return _with_key(self._keys.add(role, name, _hash(key), _end(expires)), key)

    def rotate(self, number: int, overlap_days: int = OVERLAP_DAYS, expires: str | None = None) -> NewKey:
        """Make a key that takes the place of another: same role, same name.

        Args:
            number: Of the other key.
            overlap_days: Days until the other ends, for whoever has to be given the new one; 0: at once.
            expires: As of `create`.

        Raises:
            KeyNotFound: There is no such key, or it is revoked.
            InvalidRequest: The end is no date or past.
        """
        known = next((row for row in self._keys.all() if row.key_id == number), None)
        key = _new_key(known.role) if known else ""
        until = _stored(datetime.now(UTC) + timedelta(days=overlap_days))
        row = self._keys.rotate(number, _hash(key), until, _end(expires)) if known else None
        if row is None:
            raise KeyNotFound(
                _("There is no key {number} that is not revoked; `faqbot key list` shows them.", number=number)
            )
        return _with_key(row, key)

    def list(self) -> KeyList:
        """Every key, revoked and expired ones included."""
        return KeyList(tuple(self._keys.all()))

    def has_admin(self) -> bool:
        """Whether there is an admin key that works."""
        return any(row.role == "admin" and not row.revoked and not has_expired(row) for row in self._keys.all())

    def revoke(self, number: int) -> None:
        """Make a key worthless from now on.

        Raises:
            KeyNotFound: There is no such key.
        """
        if not self._keys.revoke(number):
            raise KeyNotFound(_("There is no key {number}; `faqbot key list` shows them.", number=number))

    def find(self, key: str) -> KeyRow | None:
        """The record of a key that is known and not revoked; it may have expired.

        Keys are 192 bits of chance, so a plain SHA-256 of one cannot be searched. Hashes are compared, and a caller
        cannot choose it step by step: how long the comparison takes says nothing about a key.

        While the database cannot be used, keys are known as they were when it last could.

        Raises:
            StorageError: The database cannot be used, and this key was not known before.
        """
        key_hash, problem = _hash(key), self._problem()
        if problem is None:
            try:
                return self._keys.find(key_hash)
            except StorageError as error:
                problem = error
        known = self._keys.remembered(key_hash)
        if known is None:
            raise type(problem)(problem.message)
        return known


def may(role: Role, needed: Role) -> bool:
    """Whether a key of a role opens a door that needs another."""
    return role in _MAY[needed]


def has_expired(row: KeyRow) -> bool:
    """Whether a key's end is past."""
    # As text both sort as time does.
    return row.expires_at is not None and row.expires_at <= now()


def _new_key(role: Role) -> str:
    return f"faqbot_{role}_{secrets.token_urlsafe(24)}"


def _with_key(row: KeyRow, key: str) -> NewKey:
    return NewKey(**{field.name: getattr(row, field.name) for field in fields(row)}, key=key)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _end(expires: str | None) -> str | None:
    if expires is None:
        return None
    try:
        end = moment_of(expires, after=True)
    except ValueError:
        raise InvalidRequest(
            _("`expires` is '{text}'; write a date such as 2026-05-01 or 2026-05-01T09:00.", text=expires[:40])
        ) from None
    if end <= datetime.now(UTC):
        raise InvalidRequest(_("`expires` is '{text}', which is past; name a later date.", text=expires[:40]))
    return _stored(end)


def _stored(moment: datetime) -> str:
    # Clipped, because the last moments in some time zones have no name in UTC.
    utc = moment.astimezone(UTC) if moment < _LAST else _LAST
    return utc.isoformat(timespec="microseconds")

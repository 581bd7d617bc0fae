"""API keys: made once, shown once, stored hashed."""

from __future__ import annotations

import hashlib
import secrets
from typing import Literal, get_args

from faqbot.errors import InvalidRequest
from faqbot.language import _
from faqbot.storage import KeyRow, Keys

Role = Literal["admin", "agent", "ask"]
ROLES: tuple[Role, ...] = get_args(Role)

# An admin may do what an agent may, and an agent what a customer may.
_MAY: dict[Role, tuple[Role, ...]] = {
    "admin": ("admin",),
    "agent": ("admin", "agent"),
    "ask": ("admin", "agent", "ask"),
}


class KeyService:
    """Makes keys and tells what they may do."""

    def __init__(self, keys: Keys) -> None:
        """Bind what is stored of keys."""
        self._keys = keys

    def create(self, role: Role, label: str = "") -> str:
        """Make a key; the text returned is the only copy.

        Raises:
            InvalidRequest: There is no such role.
        """
        if role not in ROLES:
            raise InvalidRequest(_("There is no role '{role}'; choose one of {roles}.", role=role, roles=list(ROLES)))
        key = f"faqbot_{role}_{secrets.token_urlsafe(24)}"
        self._keys.add(role, label, _hash(key))
        return key

    def has_admin(self) -> bool:
        """Whether there is an admin key that was not revoked."""
        return any(row.role == "admin" and not row.revoked for row in self._keys.all())

    def revoke(self, number: int) -> None:
        """Make a key worthless from now on.

        Raises:
            InvalidRequest: There is no such key.
        """
        if not self._keys.revoke(number):
            raise InvalidRequest(_("There is no key {number}; `faqbot key list` shows them.", number=number))

    def find(self, key: str) -> KeyRow | None:
        """The record of a key that is known and not revoked.

        Keys are 192 bits of chance, so a plain SHA-256 of one cannot be searched. Hashes are compared, and a caller
        cannot choose it step by step: how long the comparison takes says nothing about a key.
        """
        return self._keys.find(_hash(key))


def may(role: Role, needed: Role) -> bool:
    """Whether a key of a role opens a door that needs another."""
    return role in _MAY[needed]


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

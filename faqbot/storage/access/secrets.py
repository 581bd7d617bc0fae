"""Random values that faqbot makes for itself and that all processes on one database share."""

from __future__ import annotations

import hashlib
import hmac
from secrets import token_bytes

from sqlalchemy import select

from faqbot.storage.database.database import Database
from faqbot.storage.tables import SecretTable

_BYTES = 32
_PSEUDONYM_LETTERS = 16


class Secrets:
    """Random values, made when they are first asked for."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database
        self._known: dict[str, bytes] = {}

    def pseudonym(self, name: str, text: str) -> str:
        """The same 16 letters for the same text, which nobody without the secret of this name can find out."""
        key = self._known.get(name) or self._known.setdefault(name, self.get(name))
        return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_PSEUDONYM_LETTERS]

    def get(self, name: str) -> bytes:
        """The 32 random bytes of this name, made when they are first asked for and the same ever after."""
        wanted = select(SecretTable.value).where(SecretTable.name == name)
        with self._database.reading() as session:
            value = session.scalar(wanted)
        if value is None:
            row = self._database.insert(SecretTable).values(name=name, value=token_bytes(_BYTES))
            with self._database.writing() as session:
                session.execute(row.on_conflict_do_nothing())
                value = session.scalars(wanted).one()
        return value

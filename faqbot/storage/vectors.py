"""Encodings, kept by what was encoded (checksum of the text) and by which encoder (fingerprint)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import func, select

from faqbot.encoder.encoding import Encoding
from faqbot.knowledge import clean
from faqbot.storage.codec import pack, unpack
from faqbot.storage.database import Database
from faqbot.storage.tables import VectorTable

# Well under the number of bound values that either database allows in one statement.
_CHUNK = 500


def checksum_of(text: str) -> str:
    """SHA-256 of the cleaned text in UTF-8, hexadecimal: equal for texts that the encoder sees as equal."""
    return hashlib.sha256(clean(text).encode("utf-8")).hexdigest()


class Vectors:
    """The part of the repository that keeps encodings."""

    _database: Database

    def missing_checksums(self, fingerprint: str, checksums: Iterable[str]) -> set[str]:
        """Those of the checksums for which this encoder's encoding is not stored yet."""
        missing = set(checksums)
        with self._database.reading() as session:
            for chunk in _chunks(missing.copy()):
                stored = select(VectorTable.checksum).where(
                    VectorTable.fingerprint == fingerprint, VectorTable.checksum.in_(chunk)
                )
                missing.difference_update(session.scalars(stored))
        return missing

    def put_encodings(self, fingerprint: str, encodings: Mapping[str, Encoding]) -> None:
        """Store encodings by checksum, all or none; one that is stored already is left as it is.

        Two processes may put the same at once: they have computed the same.
        """
        statement = self._database.insert(VectorTable).on_conflict_do_nothing()
        with self._database.writing() as session:
            # Always in one order, so that two writers never wait for each other in a circle.
            for chunk in _chunks(encodings):
                rows = [_row(fingerprint, checksum, encodings[checksum]) for checksum in chunk]
                session.connection().execute(statement, rows)

    def get_encodings(self, fingerprint: str, checksums: Iterable[str]) -> dict[str, Encoding]:
        """The stored encodings of these checksums; those not stored are left out.

        Raises:
            StorageError: A stored encoding is damaged.
        """
        found: dict[str, Encoding] = {}
        with self._database.reading() as session:
            for chunk in _chunks(checksums):
                rows = session.execute(
                    select(
                        VectorTable.checksum, VectorTable.dense, VectorTable.lexical_weights, VectorTable.multi_vector
                    ).where(VectorTable.fingerprint == fingerprint, VectorTable.checksum.in_(chunk))
                )
                found.update((checksum, unpack(*blocks)) for checksum, *blocks in rows)
        return found

    def stored_fingerprints(self) -> dict[str, int]:
        """How many encodings are stored per fingerprint."""
        counts = select(VectorTable.fingerprint, func.count()).group_by(VectorTable.fingerprint)
        with self._database.reading() as session:
            return {fingerprint: count for fingerprint, count in session.execute(counts)}


def _chunks(checksums: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(checksums))
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


def _row(fingerprint: str, checksum: str, encoding: Encoding) -> dict[str, object]:
    dense, lexical_weights, multi_vector = pack(encoding)
    return {
        "fingerprint": fingerprint,
        "checksum": checksum,
        "dimension": int(encoding.dense.shape[0]),
        "dense": dense,
        "lexical_weights": lexical_weights,
        "multi_vector": multi_vector,
    }

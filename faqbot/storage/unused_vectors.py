"""Encodings that nothing reads any more: of wordings that are neither in the draft nor in a published version."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from faqbot.storage.database import Database
from faqbot.storage.records import Pruned
from faqbot.storage.snapshots import unpack_entries
from faqbot.storage.tables import VectorTable, VersionTable, WordingTable
from faqbot.storage.vectors import checksum_of

# Well under the number of bound values that either database allows in one statement.
_CHUNK = 500


class UnusedVectors:
    """The part of the repository that lets go of encodings."""

    _database: Database

    def prune_vectors(self, *, dry_run: bool = False) -> Pruned:
        """Remove every encoding that neither the draft nor any version reads, all or none.

        Whatever model it is of, an encoding of a wording in the draft stays, and so does one that a version with its
        fingerprint holds: going back to that version never encodes.

        Args:
            dry_run: Count only.

        Raises:
            StorageError: A stored version is damaged.
        """
        with self._database.writing() as session:
            draft = {checksum_of(text) for text in session.scalars(select(WordingTable.text))}
            published = _published(session)
            stored = session.scalar(select(func.count()).select_from(VectorTable)) or 0
            removed = 0
            for fingerprint in session.scalars(select(VectorTable.fingerprint).distinct()).all():
                of_model = VectorTable.fingerprint == fingerprint
                found = set(session.scalars(select(VectorTable.checksum).where(of_model)))
                unused = sorted(found - draft - published[fingerprint])
                removed += len(unused)
                for start in range(0, 0 if dry_run else len(unused), _CHUNK):
                    chunk = VectorTable.checksum.in_(unused[start : start + _CHUNK])
                    session.execute(delete(VectorTable).where(of_model, chunk))
        return Pruned(removed, stored - removed)


def _published(session: Session) -> defaultdict[str, set[str]]:
    """Per fingerprint the checksums of the wordings in all of its versions."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number in session.scalars(select(VersionTable.number)).all():
        # One at a time: together they may not fit into memory.
        columns = select(VersionTable.fingerprint, VersionTable.content).where(VersionTable.number == number)
        fingerprint, content = session.execute(columns).one()
        found[fingerprint].update(checksum_of(text) for entry in unpack_entries(content) for text in entry.wordings)
    return found

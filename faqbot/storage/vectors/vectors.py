"""Encodings, kept by what was encoded (checksum of the text) and by which encoder (fingerprint)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from faqbot.encoder.encoding import Encoding
from faqbot.encoder.stacked import StackedEncodings
from faqbot.errors import StorageError
from faqbot.language import _
from faqbot.storage.codec.stacking import stack_in_files
from faqbot.storage.codec.vectors import Blocks, pack, read, unpack
from faqbot.storage.database.database import Database
from faqbot.storage.records import Pruned
from faqbot.storage.tables import VectorTable
from faqbot.storage.vectors.unused import prune

# Well under the number of bound values that either database allows in one statement.
_CHUNK = 500


class Vectors:
    """Encodings by fingerprint and checksum."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def missing(self, fingerprint: str, checksums: Iterable[str]) -> set[str]:
        """Those of the checksums for which this encoder's encoding is not stored yet."""
        missing = set(checksums)
        with self._database.reading() as session:
            for chunk in _chunks(missing.copy()):
                stored = select(VectorTable.checksum).where(
                    VectorTable.fingerprint == fingerprint, VectorTable.checksum.in_(chunk)
                )
                missing.difference_update(session.scalars(stored))
        return missing

    def put(self, fingerprint: str, encodings: Mapping[str, Encoding]) -> None:
        """Store encodings by checksum, all or none; one that is stored already is left as it is.

        Two processes may put the same at once: they have computed the same.
        """
        statement = self._database.insert(VectorTable).on_conflict_do_nothing()
        with self._database.writing() as session:
            # Always in one order, so that two writers never wait for each other in a circle.
            for chunk in _chunks(encodings):
                rows = [_row(fingerprint, checksum, encodings[checksum]) for checksum in chunk]
                session.connection().execute(statement, rows)

    def get(self, fingerprint: str, checksums: Iterable[str]) -> dict[str, Encoding]:
        """The stored encodings of these checksums; those not stored are left out.

        Raises:
            StorageError: A stored encoding is damaged.
        """
        found: dict[str, Encoding] = {}
        with self._database.reading() as session:
            for chunk in _chunks(checksums):
                found.update((checksum, unpack(*blocks)) for checksum, *blocks in _blocks(session, fingerprint, chunk))
        return found

    def stack(self, fingerprint: str, checksums: Sequence[str]) -> StackedEncodings:
        """The stored encodings of these checksums, at least one, in their order; memory does not grow with them.

        Raises:
            StorageError: One is not stored or damaged, or there is no room for temporary files.
        """
        with self._database.reading() as session:
            return stack_in_files(_in_order(session, fingerprint, checksums))

    def counts(self) -> dict[str, int]:
        """How many encodings are stored per fingerprint."""
        counts = select(VectorTable.fingerprint, func.count()).group_by(VectorTable.fingerprint)
        with self._database.reading() as session:
            return {fingerprint: count for fingerprint, count in session.execute(counts)}

    def prune(self, *, dry_run: bool = False) -> Pruned:
        """Remove every encoding that neither the draft nor any version reads, all or none.

        Whatever model it is of, an encoding of a wording or passage in the draft stays, and so does one that a version
        with its fingerprint holds, labelled questions among them: going back to that version never encodes.

        Args:
            dry_run: Count only.

        Raises:
            StorageError: A stored version is damaged.
        """
        with self._database.writing() as session:
            return prune(session, dry_run=dry_run)


def _blocks(session: Session, fingerprint: str, checksums: Sequence[str]) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    v = VectorTable
    columns = select(v.checksum, v.dense, v.lexical_weights, v.multi_vector)
    rows = session.execute(columns.where(v.fingerprint == fingerprint, v.checksum.in_(checksums)))
    return ((row.checksum, row.dense, row.lexical_weights, row.multi_vector) for row in rows)


def _in_order(session: Session, fingerprint: str, checksums: Sequence[str]) -> Iterator[Blocks]:
    for start in range(0, len(checksums), _CHUNK):
        chunk = checksums[start : start + _CHUNK]
        found = {checksum: read(*blocks) for checksum, *blocks in _blocks(session, fingerprint, sorted(set(chunk)))}
        for checksum in chunk:
            if checksum not in found:
                raise StorageError(
                    _("The text with checksum {checksum} has no vectors: run `faqbot publish`.", checksum=checksum)
                )
            yield found[checksum]


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

"""Encodings that nothing reads any more: of texts that are neither in the draft nor in a published version."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from faqbot.knowledge import Entry, wordings_of
from faqbot.passages import passages_of
from faqbot.storage.codec.checksums import checksum_of
from faqbot.storage.codec.entries import unpack_entries
from faqbot.storage.records import Pruned
from faqbot.storage.tables import EntryTable, VectorTable, VersionTable, WordingTable

# Well under the number of bound values that either database allows in one statement.
_CHUNK = 500


def prune(session: Session, *, dry_run: bool) -> Pruned:
    """See `Vectors.prune`, whose transaction this is."""
    draft = _of_draft(session)
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


def _of_draft(session: Session) -> set[str]:
    """The checksums of the draft's wordings and passages."""
    found = {checksum_of(text) for text in session.scalars(select(WordingTable.text))}
    rows = session.execute(select(EntryTable.id, EntryTable.answer))
    # Where a passage stands, not whose it is, makes its text.
    passages = passages_of(Entry(row.id, "", answer=row.answer) for row in rows)
    return found | {checksum_of(passage.wording.text) for passage in passages}


def _published(session: Session) -> defaultdict[str, set[str]]:
    """Per fingerprint the checksums of the wordings, passages and labelled questions in all of its versions."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number in session.scalars(select(VersionTable.number)).all():
        # One at a time: together they may not fit into memory.
        columns = select(VersionTable.fingerprint, VersionTable.content, VersionTable.labelled)
        fingerprint, content, labelled = session.execute(columns.where(VersionTable.number == number)).one()
        entries = unpack_entries(content)
        wordings = [*wordings_of(entries), *(passage.wording for passage in passages_of(entries))]
        found[fingerprint].update(checksum_of(wording.text) for wording in wordings)
        found[fingerprint].update(checksum_of(text) for text, _ids in labelled or ())
    return found

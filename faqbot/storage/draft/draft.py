"""The draft: what admins edit, before it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from faqbot.errors import EntryExists
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.storage.audit import entry_changes, log_changes
from faqbot.storage.database.database import Database
from faqbot.storage.draft.bulk_edits import BulkResult, change_many
from faqbot.storage.draft.rows import entry_row, load_entries, wording_rows
from faqbot.storage.draft.search import EVERY_ENTRY, EntryFilter, conditions_of
from faqbot.storage.draft.writing import check_unchanged, entries_of, lock_ids, not_found, put_entries, remove_entries
from faqbot.storage.records import StoredEntry
from faqbot.storage.tables import EntryTable, WordingTable


class Draft:
    """The draft: one for all admins."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def entries(
        self, chosen: EntryFilter = EVERY_ENTRY, *, after: str | None = None, limit: int | None = None
    ) -> list[Entry]:
        """The draft's entries in the order of their ids, all of them where nothing else is said.

        Args:
            chosen: What they have in common.
            after: Only ids after this one, for paging: the id of the last entry of the page before.
            limit: Entries at most, 1 or more; unset: all.
        """
        with self._database.reading() as session:
            conditions = conditions_of(session, chosen)
            if after is not None:
                conditions.append(EntryTable.id > after)
            return load_entries(session, conditions, limit)

    def count(self, chosen: EntryFilter = EVERY_ENTRY) -> int:
        """How many entries the draft holds; disabled ones count."""
        with self._database.reading() as session:
            conditions = conditions_of(session, chosen)
            return session.scalar(select(func.count()).select_from(EntryTable).where(*conditions)) or 0

    def get(self, entry_id: str) -> StoredEntry:
        """One entry with its revision.

        Raises:
            EntryNotFound: There is no such entry.
        """
        with self._database.reading() as session:
            return _stored(session, entry_id)

    def create(self, entry: Entry) -> StoredEntry:
        """Add one entry, and give it as it was written.

        Raises:
            EntryExists: The id is taken.
        """
        with self._database.writing() as session:
            try:
                session.execute(insert(EntryTable), [{**entry_row(entry), "revision": 1}])
            except IntegrityError:
                raise EntryExists(
                    _("There is an entry '{entry_id}' already; choose another id.", entry_id=entry.entry_id)
                ) from None
            session.execute(insert(WordingTable), wording_rows(entry))
            log_changes(session, entry_changes([], [entry]))
            return _stored(session, entry.entry_id)

    def update(self, entry: Entry, *, expected_revision: int | None) -> StoredEntry:
        """Replace the entry that has this id, and give it as it was written.

        Args:
            entry: The new state.
            expected_revision: The revision that was read before editing; None: replace whatever is there.

        Raises:
            EntryNotFound: There is no such entry.
            EditConflict: Somebody else changed it since.
        """
        with self._database.writing() as session:
            _lock(session, entry.entry_id, expected_revision)
            before = entries_of(session, [entry.entry_id])
            put_entries(self._database, session, [entry])
            log_changes(session, entry_changes(before, [entry]))
            return _stored(session, entry.entry_id)

    def delete(self, entry_id: str, *, expected_revision: int | None = None) -> None:
        """Remove one entry.

        Args:
            entry_id: Which one.
            expected_revision: The revision that was read before; None: remove whatever is there.

        Raises:
            EntryNotFound: There is no such entry.
            EditConflict: Somebody else changed it since.
        """
        with self._database.writing() as session:
            _lock(session, entry_id, expected_revision)
            before = entries_of(session, [entry_id])
            remove_entries(session, [entry_id])
            log_changes(session, entry_changes(before, []))

    def change_many(
        self,
        chosen: EntryFilter | Mapping[str, int | None],
        changes: Mapping[str, object] | None,
        *,
        expected: int | None = None,
    ) -> BulkResult:
        """Set the same fields of many entries, or remove them, in one transaction.

        Fields that are not named stay as they are, also where somebody else has just changed them.

        Args:
            chosen: What they have in common; or their ids, each with the revision that was read, None for any.
            changes: New values by `Entry`'s field names; None: the entries are removed.
            expected: How many entries the caller believes to change; None: any number.

        Raises:
            EntryNotFound: An id is not there; nothing is done.
            EditConflict: An entry has another revision, or there are more or fewer than expected; nothing is done.
        """
        with self._database.writing() as session:
            return change_many(self._database, session, chosen, changes, expected)

    def revisions(self) -> dict[str, int]:
        """The revision of every entry by its id; read before the entries, it tells `apply` what was seen of them."""
        with self._database.reading() as session:
            return {
                entry_id: revision for entry_id, revision in session.execute(select(EntryTable.id, EntryTable.revision))
            }

    def apply(
        self,
        *,
        put: Sequence[Entry] = (),
        delete: Sequence[str] = (),
        seen: Mapping[str, int] | None = None,
        reason: str = "",
    ) -> None:
        """Remove entries, then add or replace others, all in one transaction.

        Ids to delete that are not there are ignored; of two entries with the same id the last one counts.

        Args:
            put: Entries to add or replace.
            delete: Ids to remove.
            seen: `revisions` from before the decision; None: whatever is there now is replaced.
            reason: What led to it, for the audit log.

        Raises:
            EditConflict: One of these entries was added, changed or removed by somebody else since; nothing is done.
        """
        # In the order of the ids, so that two writers never wait for each other in a circle.
        entries = {entry.entry_id: entry for entry in sorted(put, key=lambda entry: entry.entry_id)}
        ids = sorted({*entries, *delete})
        with self._database.writing() as session:
            found = lock_ids(session, ids)
            if seen is not None:
                check_unchanged(found, seen, ids)
            before = entries_of(session, list(found))
            remove_entries(session, sorted(delete))
            put_entries(self._database, session, list(entries.values()))
            log_changes(session, entry_changes(before, list(entries.values())), reason)


def _stored(session: Session, entry_id: str) -> StoredEntry:
    chosen = EntryTable.id == entry_id
    state = session.execute(select(EntryTable.revision, EntryTable.updated_at).where(chosen)).one_or_none()
    if state is None:
        raise not_found(entry_id)
    [entry] = load_entries(session, [chosen], None)
    return StoredEntry(entry, state.revision, state.updated_at)


def _lock(session: Session, entry_id: str, expected_revision: int | None) -> None:
    """Make sure that an entry is there, is as it was read, and stays so until the transaction ends."""
    found = lock_ids(session, [entry_id])
    if entry_id not in found:
        raise not_found(entry_id)
    if expected_revision is not None:
        check_unchanged(found, {entry_id: expected_revision}, [entry_id])

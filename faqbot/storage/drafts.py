"""The draft: what admins edit, before it is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from faqbot.errors import EditConflict, EntryExists, KnowledgeError
from faqbot.knowledge import Entry
from faqbot.storage.database import Database
from faqbot.storage.draft_rows import entry_row, load_entries, wording_rows
from faqbot.storage.draft_search import EVERY_ENTRY, EntryFilter, conditions_of
from faqbot.storage.draft_writing import check_unchanged, lock_ids, not_found, put_entries, remove_entries
from faqbot.storage.records import StoredEntry
from faqbot.storage.tables import EntryTable, WordingTable


class Drafts:
    """The part of the repository that keeps the draft."""

    _database: Database

    def list_entries(
        self, chosen: EntryFilter = EVERY_ENTRY, *, after: str | None = None, limit: int | None = None
    ) -> list[Entry]:
        """The draft's entries in the order of their ids.

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

    def all_entries(self) -> list[Entry]:
        """The whole draft, in the order of the ids."""
        return self.list_entries()

    def count_entries(self, chosen: EntryFilter = EVERY_ENTRY) -> int:
        """How many entries the draft holds; disabled ones count."""
        with self._database.reading() as session:
            conditions = conditions_of(session, chosen)
            return session.scalar(select(func.count()).select_from(EntryTable).where(*conditions)) or 0

    def get_entry(self, entry_id: str) -> StoredEntry:
        """One entry with its revision.

        Raises:
            EntryNotFound: There is no such entry.
        """
        chosen = EntryTable.id == entry_id
        with self._database.reading() as session:
            state = session.execute(select(EntryTable.revision, EntryTable.updated_at).where(chosen)).one_or_none()
            if state is None:
                raise not_found(entry_id)
            [entry] = load_entries(session, [chosen], None)
        return StoredEntry(entry, state.revision, state.updated_at)

    def create_entry(self, entry: Entry) -> StoredEntry:
        """Add one entry.

        Raises:
            EntryExists: The id is taken.
        """
        row = entry_row(entry)
        with self._database.writing() as session:
            try:
                session.execute(insert(EntryTable), [{**row, "revision": 1}])
            except IntegrityError:
                raise EntryExists(f"There is an entry '{entry.entry_id}' already; choose another id.") from None
            session.execute(insert(WordingTable), wording_rows(entry))
        return StoredEntry(entry, 1, str(row["updated_at"]))

    def update_entry(self, entry: Entry, *, expected_revision: int | None) -> StoredEntry:
        """Replace the entry that has this id.

        Args:
            entry: The new state.
            expected_revision: The revision that was read before editing; None: replace whatever is there.

        Raises:
            EntryNotFound: There is no such entry.
            EditConflict: Somebody else changed it since.
        """
        row = entry_row(entry)
        change = update(EntryTable).where(EntryTable.id == entry.entry_id)
        if expected_revision is not None:
            change = change.where(EntryTable.revision == expected_revision)
        with self._database.writing() as session:
            revision = session.scalar(
                change.values(**row, revision=EntryTable.revision + 1).returning(EntryTable.revision),
                execution_options={"synchronize_session": False},
            )
            if revision is None:
                raise _missed(session, entry.entry_id)
            session.execute(delete(WordingTable).where(WordingTable.entry_id == entry.entry_id))
            session.execute(insert(WordingTable), wording_rows(entry))
        return StoredEntry(entry, revision, str(row["updated_at"]))

    def delete_entry(self, entry_id: str, *, expected_revision: int | None = None) -> None:
        """Remove one entry.

        Args:
            entry_id: Which one.
            expected_revision: The revision that was read before; None: remove whatever is there.

        Raises:
            EntryNotFound: There is no such entry.
            EditConflict: Somebody else changed it since.
        """
        removal = delete(EntryTable).where(EntryTable.id == entry_id)
        if expected_revision is not None:
            removal = removal.where(EntryTable.revision == expected_revision)
        with self._database.writing() as session:
            if session.scalar(removal.returning(EntryTable.id)) is None:
                raise _missed(session, entry_id)

    def revisions(self) -> dict[str, int]:
        """The revision of every entry by its id; read before the entries, it tells `apply` what was seen of them."""
        with self._database.reading() as session:
            return {
                entry_id: revision for entry_id, revision in session.execute(select(EntryTable.id, EntryTable.revision))
            }

    def apply(
        self, *, put: Sequence[Entry] = (), delete: Sequence[str] = (), seen: Mapping[str, int] | None = None
    ) -> None:
        """Remove entries, then add or replace others, all in one transaction.

        Ids to delete that are not there are ignored; of two entries with the same id the last one counts.

        Args:
            put: Entries to add or replace.
            delete: Ids to remove.
            seen: `revisions` from before the decision; None: whatever is there now is replaced.

        Raises:
            EditConflict: One of these entries was added, changed or removed by somebody else since; nothing is done.
        """
        # In the order of the ids, so that two writers never wait for each other in a circle.
        entries = {entry.entry_id: entry for entry in sorted(put, key=lambda entry: entry.entry_id)}
        with self._database.writing() as session:
            if seen is not None:
                ids = sorted({*entries, *delete})
                check_unchanged(lock_ids(session, ids), seen, ids)
            remove_entries(session, sorted(delete))
            put_entries(self._database, session, list(entries.values()))


def _missed(session: Session, entry_id: str) -> KnowledgeError:
    """Why a change hit no row: the entry is gone, or has another revision than was expected."""
    revision = session.scalar(select(EntryTable.revision).where(EntryTable.id == entry_id))
    if revision is None:
        return not_found(entry_id)
    return EditConflict(
        f"Entry '{entry_id}' was changed by somebody else; read it again and repeat the change.",
        [{"revision": revision}],
    )

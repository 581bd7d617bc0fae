"""The draft: what admins edit, before it is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from faqbot.errors import EditConflict, EntryExists, EntryNotFound, KnowledgeError
from faqbot.knowledge import Entry, clean
from faqbot.storage.database import Database
from faqbot.storage.draft_rows import entry_row, has_tag, has_text, load_entries, wording_rows
from faqbot.storage.records import StoredEntry
from faqbot.storage.tables import EntryTable, WordingTable

# Well under the number of bound values that either database allows in one statement.
_CHUNK = 500
_REVISIONS = select(EntryTable.id, EntryTable.revision)


class Drafts:
    """The part of the repository that keeps the draft."""

    _database: Database

    def list_entries(
        self,
        *,
        text: str | None = None,
        category: str | None = None,
        language: str | None = None,
        tag: str | None = None,
        enabled: bool | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """The draft's entries in the order of their ids; every filter that is given has to hold.

        Args:
            text: Part of any wording or of the answer; case, width and runs of spaces are ignored.
            category: Exactly this category.
            language: Exactly this language.
            tag: One of the entry's tags is exactly this.
            enabled: Only enabled, or only disabled entries.
            after: Only ids after this one, for paging: the id of the last entry of the page before.
            limit: Entries at most, 1 or more; unset: all.
        """
        equal = {EntryTable.category: category, EntryTable.language: language, EntryTable.enabled: enabled}
        conditions: list[ColumnElement[bool]] = [
            column == value for column, value in equal.items() if value is not None
        ]
        if text and clean(text):
            conditions.append(has_text(text))
        if tag is not None:
            conditions.append(has_tag(tag))
        if after is not None:
            conditions.append(EntryTable.id > after)
        with self._database.reading() as session:
            return load_entries(session, conditions, limit)

    def all_entries(self) -> list[Entry]:
        """The whole draft, in the order of the ids."""
        return self.list_entries()

    def count_entries(self) -> int:
        """How many entries the draft holds, disabled ones included."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(EntryTable)) or 0

    def get_entry(self, entry_id: str) -> StoredEntry:
        """One entry with its revision.

        Raises:
            EntryNotFound: There is no such entry.
        """
        chosen = EntryTable.id == entry_id
        with self._database.reading() as session:
            state = session.execute(select(EntryTable.revision, EntryTable.updated_at).where(chosen)).one_or_none()
            if state is None:
                raise _not_found(entry_id)
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
            return {entry_id: revision for entry_id, revision in session.execute(_REVISIONS)}

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
                _check_unchanged(session, sorted({*entries, *delete}), seen)
            _remove(session, sorted(delete))
            if entries:
                self._put(session, entries)

    def _put(self, session: Session, entries: dict[str, Entry]) -> None:
        rows = [{**entry_row(entry), "revision": 1} for entry in entries.values()]
        statement = self._database.insert(EntryTable)
        changes = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "revision")}
        upsert = statement.on_conflict_do_update(
            index_elements=[EntryTable.id], set_={**changes, "revision": EntryTable.revision + 1}
        )
        session.connection().execute(upsert, rows)
        for ids in _chunks(list(entries)):
            session.execute(delete(WordingTable).where(WordingTable.entry_id.in_(ids)))
        wordings = [row for entry in entries.values() for row in wording_rows(entry)]
        session.connection().execute(insert(WordingTable), wordings)


def _check_unchanged(session: Session, entry_ids: Sequence[str], seen: Mapping[str, int]) -> None:
    for ids in _chunks(entry_ids):
        # On PostgreSQL nobody changes them before this transaction ends; SQLite has one writer anyway.
        rows = session.execute(_REVISIONS.where(EntryTable.id.in_(ids)).order_by(EntryTable.id).with_for_update())
        found = {entry_id: revision for entry_id, revision in rows}
        changed = [entry_id for entry_id in ids if found.get(entry_id) != seen.get(entry_id)]
        if changed:
            raise EditConflict(
                f"Entry '{changed[0]}' was changed by somebody else meanwhile; try again.",
                [{"entry_id": entry_id, "revision": found.get(entry_id)} for entry_id in changed],
            )


def _remove(session: Session, entry_ids: Sequence[str]) -> None:
    for ids in _chunks(entry_ids):
        session.execute(delete(EntryTable).where(EntryTable.id.in_(ids)))


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


def _missed(session: Session, entry_id: str) -> KnowledgeError:
    """Why a change hit no row: the entry is gone, or has another revision than was expected."""
    revision = session.scalar(select(EntryTable.revision).where(EntryTable.id == entry_id))
    if revision is None:
        return _not_found(entry_id)
    return EditConflict(
        f"Entry '{entry_id}' was changed by somebody else; read it again and repeat the change.",
        [{"revision": revision}],
    )


def _not_found(entry_id: str) -> EntryNotFound:
    return EntryNotFound(f"There is no entry '{entry_id}'.")

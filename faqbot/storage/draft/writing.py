"""What every change of the draft is made of, within a transaction that somebody else opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from faqbot.errors import EditConflict, EntryNotFound
from faqbot.knowledge import Entry
from faqbot.language import _
from faqbot.storage.database.database import Database
from faqbot.storage.draft.rows import entry_row, load_entries, wording_rows
from faqbot.storage.tables import EntryTable, WordingTable

# Well under the number of bound values that either database allows in one statement.
_CHUNK = 500


def put_entries(database: Database, session: Session, entries: Sequence[Entry]) -> None:
    """Add or replace entries, each id once, in the order of the ids."""
    if not entries:
        return
    rows = [{**entry_row(entry), "revision": 1} for entry in entries]
    statement = database.insert(EntryTable)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "revision")}
    upsert = statement.on_conflict_do_update(
        index_elements=[EntryTable.id], set_={**changes, "revision": EntryTable.revision + 1}
    )
    session.connection().execute(upsert, rows)
    for ids in chunks([entry.entry_id for entry in entries]):
        session.execute(delete(WordingTable).where(WordingTable.entry_id.in_(ids)))
    wordings = [row for entry in entries for row in wording_rows(entry)]
    session.connection().execute(insert(WordingTable), wordings)


def remove_entries(session: Session, entry_ids: Sequence[str]) -> None:
    """Remove entries with their wordings; ids that are not there are ignored."""
    for ids in chunks(entry_ids):
        session.execute(delete(EntryTable).where(EntryTable.id.in_(ids)))


def lock_revisions(session: Session, condition: ColumnElement[bool] | None = None) -> dict[str, int]:
    """The revision of every chosen entry by its id, in the order of the ids.

    On PostgreSQL nobody changes them before this transaction ends; SQLite has one writer anyway.
    """
    chosen = select(EntryTable.id, EntryTable.revision).order_by(EntryTable.id).with_for_update()
    if condition is not None:
        chosen = chosen.where(condition)
    return {entry_id: revision for entry_id, revision in session.execute(chosen)}


def lock_ids(session: Session, entry_ids: Sequence[str]) -> dict[str, int]:
    """`lock_revisions` of those that are there, for any number of ids."""
    found: dict[str, int] = {}
    for ids in chunks(sorted(set(entry_ids))):
        found |= lock_revisions(session, EntryTable.id.in_(ids))
    return found


def entries_of(session: Session, entry_ids: Sequence[str]) -> list[Entry]:
    """The entries with these ids, as many as there are, in the order of the ids."""
    return [
        entry for ids in chunks(sorted(entry_ids)) for entry in load_entries(session, [EntryTable.id.in_(ids)], None)
    ]


def check_unchanged(found: Mapping[str, int], seen: Mapping[str, int], entry_ids: Iterable[str]) -> None:
    """Refuse to write over what somebody else did.

    Args:
        found: Revisions as they are.
        seen: Revisions as they were read.
        entry_ids: The entries that count.

    Raises:
        EditConflict: One of them was added, changed or removed since.
    """
    changed = [entry_id for entry_id in entry_ids if found.get(entry_id) != seen.get(entry_id)]
    if changed:
        raise EditConflict(
            _(
                "Entry '{entry_id}' was changed by somebody else; read it again and repeat the change.",
                entry_id=changed[0],
            ),
            [{"entry_id": entry_id, "revision": found.get(entry_id)} for entry_id in changed],
        )


def not_found(entry_id: str) -> EntryNotFound:
    """The error of an id that nobody has."""
    return EntryNotFound(_("There is no entry '{entry_id}'.", entry_id=entry_id))


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """The values in parts that fit into one statement."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))

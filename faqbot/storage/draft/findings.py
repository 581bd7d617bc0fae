"""What the checks of meaning found last: they need the model, so their findings are kept for whoever lists entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, insert, select

from faqbot.storage.database.database import Database
from faqbot.storage.records import DraftState, KeptFinding
from faqbot.storage.tables import EntryTable, FindingTable


class Findings:
    """What the last whole check found, and whether it still counts."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def replace(self, findings: Sequence[KeptFinding]) -> None:
        """Keep these findings and no others."""
        rows = [{"code": one.code, "revisions": dict(one.revisions), "texts": list(one.texts)} for one in findings]
        with self._database.writing() as session:
            session.execute(delete(FindingTable))
            if rows:
                session.execute(insert(FindingTable), rows)

    def all(self) -> list[KeptFinding]:
        """Those whose entries are all as they were when they were checked, in the order in which they were found."""
        t = FindingTable
        chosen = select(t.code, t.revisions, t.texts).order_by(t.id)
        with self._database.reading() as session:
            kept = [KeptFinding(row.code, row.revisions, tuple(row.texts)) for row in session.execute(chosen)]
            if not kept:
                return []
            current: Mapping[str, int] = {
                entry_id: revision for entry_id, revision in session.execute(select(EntryTable.id, EntryTable.revision))
            }
        return [one for one in kept if all(current.get(entry_id) == seen for entry_id, seen in one.revisions.items())]

    def draft_state(self) -> DraftState:
        """Equal as long as nobody changes the draft or checks it again."""
        e = EntryTable
        entries = select(
            func.count(), func.coalesce(func.sum(e.revision), 0), func.coalesce(func.max(e.updated_at), "")
        )
        with self._database.reading() as session:
            count, revisions, updated_at = session.execute(entries).one()
            last = session.scalar(select(func.coalesce(func.max(FindingTable.id), 0))) or 0
            findings = session.scalar(select(func.count()).select_from(FindingTable)) or 0
        return DraftState(count, int(revisions), updated_at, last, findings)

"""One change to many entries of the draft at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import Session

from faqbot.errors import EditConflict, EntryNotFound
from faqbot.language import _
from faqbot.storage.audit import entry_changes, log_changes
from faqbot.storage.database.database import Database
from faqbot.storage.draft.search import EntryFilter, conditions_of
from faqbot.storage.draft.writing import (
    check_unchanged,
    entries_of,
    lock_ids,
    lock_revisions,
    put_entries,
    remove_entries,
)

_REASON = "bulk change"


@dataclass(frozen=True, slots=True)
class BulkResult:
    """How many entries were meant, and how many of them are not as they were."""

    chosen: int
    changed: int


def change_many(
    database: Database,
    session: Session,
    chosen: EntryFilter | Mapping[str, int | None],
    changes: Mapping[str, Any] | None,
    expected: int | None,
) -> BulkResult:
    """See `Draft.change_many`, whose transaction this is."""
    ids = list(_locked(session, chosen))
    if expected not in (None, len(ids)):
        raise EditConflict(
            _(
                "This would change {count} entries, not {expected}; look at them again.",
                count=len(ids),
                expected=expected,
            )
        )
    before = entries_of(session, ids)
    if changes is None:
        remove_entries(session, ids)
        log_changes(session, entry_changes(before, []), _REASON)
        return BulkResult(len(ids), len(ids))
    after = [replace(entry, **changes) for entry in before]
    changed = [new for old, new in zip(before, after, strict=True) if new != old]
    put_entries(database, session, changed)
    log_changes(session, entry_changes(before, after), _REASON)
    return BulkResult(len(ids), len(changed))


def _locked(session: Session, chosen: EntryFilter | Mapping[str, int | None]) -> dict[str, int]:
    if isinstance(chosen, EntryFilter):
        return lock_revisions(session, and_(True, *conditions_of(session, chosen)))
    found = lock_ids(session, list(chosen))
    missing = sorted(chosen.keys() - found.keys())
    if missing:
        raise EntryNotFound(
            _("There is no entry '{entry_id}'.", entry_id=missing[0]), [{"entry_id": entry_id} for entry_id in missing]
        )
    seen = {entry_id: revision for entry_id, revision in chosen.items() if revision is not None}
    check_unchanged(found, seen, sorted(seen))
    return found

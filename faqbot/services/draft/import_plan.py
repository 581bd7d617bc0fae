"""What an import would do to the draft, row by row, before anything is done. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from faqbot.formats import ParsedFile, derived_id, place_of
from faqbot.knowledge import FIELDS, Entry, match_key
from faqbot.language import Text, _
from faqbot.services.values.imports import ImportReport, RowVerdict, RowVerdictName, counts_of

_FIELD_OF = {field.column.name: field.name for field in FIELDS}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row stands in its file."""

    line: int
    sheet: str

    @property
    def told(self) -> Text:
        return place_of(self.line, self.sheet)

    def verdict(self, name: RowVerdictName, entry_id: str = "", *, column: str = "", message: str = "") -> RowVerdict:
        return RowVerdict(self.line, entry_id, name, column, message, self.sheet)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What one file does to one draft.

    Attributes:
        rows: The verdict on each row, in the order of the file.
        put: Entries to add or replace; none where a row is refused.
        delete: Ids that leave the draft.
        is_partial: Whether the good rows are taken although others are refused.
    """

    rows: tuple[RowVerdict, ...]
    put: tuple[Entry, ...] = ()
    delete: tuple[str, ...] = ()
    is_partial: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether a row stands in the way of all."""
        return any(row.is_refused for row in self.rows) and not self.is_partial

    def report(self, name: str, parsed: ParsedFile, *, applied: bool) -> ImportReport:
        """The plan as it is told to the caller."""
        return ImportReport(
            file=name,
            encoding=parsed.encoding,
            origin=parsed.origin,
            applied=applied,
            counts=counts_of(self.rows),
            removed=len(self.delete),
            losses=parsed.losses,
            notes=parsed.notes,
            doubts=parsed.doubts,
            rows=self.rows,
        )


def plan_import(
    parsed: ParsedFile, draft: Iterable[Entry], *, replace_all: bool = False, skip_invalid: bool = False
) -> ImportPlan:
    """Judge every row of a file against the draft.

    A row belongs to the entry with its id; a row without an id to the entry that asks its question. Columns that the
    file does not state stay as the draft has them.

    Args:
        parsed: The file.
        draft: The entries that are there.
        replace_all: The file is the whole knowledge base: what it does not state is empty, and entries that it does
            not hold leave the draft.
        skip_invalid: Take the good rows although others are refused, unless there are none.
    """
    known = {entry.entry_id: entry for entry in draft}
    asking: dict[str, list[Entry]] = {}
    for entry in known.values():
        asking.setdefault(match_key(entry.standard_question), []).append(entry)
    rows = [RowVerdict(one.line, "", one.kind, one.column, one.message, one.sheet) for one in parsed.errors]
    taken: dict[str, tuple[_Place, Entry]] = {}
    ids: dict[str, str] = {}
    for (line, entry), stated, sheet in zip(parsed.entries, parsed.stated, parsed.sheets, strict=True):
        place = _Place(line, sheet)
        targets = _targets(entry, known, asking)
        if len(targets) > 1:
            rows.append(_ambiguous(place, targets))
            continue
        target = targets[0] if targets else None
        ids[entry.entry_id] = target.entry_id if target else entry.entry_id
        wanted = _merged(entry, target, frozenset() if replace_all else stated, replace_all=replace_all)
        if wanted.entry_id in taken:
            rows.append(_repeated(place, wanted, *taken[wanted.entry_id]))
        else:
            taken[wanted.entry_id] = (place, wanted)
    # Follow-ups name rows by the ids that their questions give; some of these belong to entries with other ids.
    entries = [
        (place, replace(entry, prompts=tuple(ids.get(prompt, prompt) for prompt in entry.prompts)))
        for place, entry in taken.values()
    ]
    for place, entry in entries:
        before = known.get(entry.entry_id)
        rows.append(_changes(place, entry, before) if before else _addition(place, entry, asking))
    sheets = dict.fromkeys([*parsed.sheets, *(row.sheet for row in rows)])
    order = {sheet: number for number, sheet in enumerate(sheets)}
    rows.sort(key=lambda row: (order[row.sheet], row.line))
    has_refused = any(row.is_refused for row in rows)
    if has_refused and not (skip_invalid and entries):
        return ImportPlan(tuple(rows))
    put = tuple(entry for _, entry in entries if known.get(entry.entry_id) != entry)
    delete = sorted(set(known) - set(taken)) if replace_all else []
    return ImportPlan(tuple(rows), put, tuple(delete), is_partial=has_refused)


def _targets(entry: Entry, known: dict[str, Entry], asking: dict[str, list[Entry]]) -> list[Entry]:
    if entry.entry_id in known:
        return [known[entry.entry_id]]
    if entry.entry_id != derived_id(entry.standard_question):
        return []
    found = asking.get(match_key(entry.standard_question), [])
    same_language = [other for other in found if other.language == entry.language]
    return same_language if len(found) > 1 and same_language else found


def _merged(entry: Entry, target: Entry | None, stated: frozenset[str], *, replace_all: bool) -> Entry:
    if target is None:
        return entry
    if replace_all:
        return replace(entry, entry_id=target.entry_id)
    names = {_FIELD_OF[column] for column in stated} - {"entry_id"}
    return replace(target, **{name: getattr(entry, name) for name in names})


def _changes(place: _Place, entry: Entry, before: Entry) -> RowVerdict:
    changed = [field.column.name for field in FIELDS if getattr(entry, field.name) != getattr(before, field.name)]
    if not changed:
        return place.verdict("same", entry.entry_id)
    return place.verdict("changed", entry.entry_id, message=_("Changes {columns}.", columns=changed))


def _addition(place: _Place, entry: Entry, asking: dict[str, list[Entry]]) -> RowVerdict:
    others = asking.get(match_key(entry.standard_question), [])
    rival = next((other.entry_id for other in others if other.topic != entry.topic), None)
    message = _("Entry '{rival}' asks the same question.", rival=rival) if rival else ""
    return place.verdict("new", entry.entry_id, message=message)


def _ambiguous(place: _Place, targets: list[Entry]) -> RowVerdict:
    shown = [f"'{entry.entry_id}'" for entry in targets[:5]]
    message = _(
        "Entries {shown} ask this question already; put the id of the one that is meant into the row.", shown=shown
    )
    return place.verdict("conflict", column="question", message=message)


def _repeated(place: _Place, entry: Entry, first_place: _Place, first: Entry) -> RowVerdict:
    if entry == first:
        return place.verdict(
            "duplicate", column="question", message=_("The row says the same as {place}.", place=first_place.told)
        )
    message = _(
        "The row and {place} both mean entry '{entry_id}'; merge them or give this one its own id.",
        place=first_place.told,
        entry_id=entry.entry_id,
    )
    return place.verdict("conflict", column="question", message=message)

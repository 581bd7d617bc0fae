"""The draft, one entry at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import request

from faqbot.contract import Json
from faqbot.errors import InvalidRequest
from faqbot.formats import Row, read_entry
from faqbot.knowledge import FIELDS, Entry, to_record
from faqbot.language import _
from faqbot.services.checks.problems import Problems
from faqbot.services.values.replies import RelatedList
from faqbot.storage import BulkResult, EntryFilter, StoredEntry
from faqbot.web.bodies.entries import BulkBody, EntriesQuery, EntryBody, EntryChange, RelatedQuery
from faqbot.web.current import services
from faqbot.web.shapes.entries import EntryPage, EntryShape
from faqbot.web.shapes.shape import shape

# As many digits as every database takes.
_REVISION = re.compile("[0-9]{1,9}")

blueprint = APIBlueprint("entries", __name__, url_prefix="/api/v1/entries")

Answer = tuple[Json, int, dict[str, str]]


@blueprint.get("")
@blueprint.input(EntriesQuery, location="query")
@blueprint.output(EntryPage)
def list_entries(query_data: EntriesQuery) -> Json:
    """List entries in the order of their ids, filtered, page by page."""
    limit, draft = query_data.limit, services().draft
    chosen, problems = _chosen(query_data.model_dump(exclude={"after", "limit"}))
    # One more than is shown tells whether there is a next page.
    found = draft.entries(chosen, after=query_data.after, limit=limit + 1)
    shown = found[:limit]
    return {
        "entries": [_listed(entry, problems) for entry in shown],
        "next": shown[-1].entry_id if len(found) > limit else None,
        "total": draft.count(),
        "found": draft.count(chosen),
    }


@blueprint.post("/bulk")
@blueprint.input(BulkBody)
@blueprint.output(shape(BulkResult))
def change_many(json_data: BulkBody) -> BulkResult:
    """Set fields of many entries, or delete them: all of them, or none."""
    changes = None
    if json_data.set:
        stated = json_data.set.model_dump(exclude_unset=True)
        # Under the rules of a whole entry, of which only these fields are taken.
        checked = _entry({"question": "any", **stated})
        changes = {field.name: getattr(checked, field.name) for field in FIELDS if field.column.name in stated}
    chosen: EntryFilter | dict[str, int | None]
    if json_data.filter is not None:
        chosen, _page = _chosen(json_data.filter.model_dump())
    else:
        chosen = {**(json_data.revisions or dict.fromkeys(json_data.ids or ()))}
    return services().draft.change_many(chosen, changes, expected=json_data.expected)


@blueprint.post("")
@blueprint.input(EntryBody)
@blueprint.output(EntryShape, status_code=201)
def create_entry(json_data: EntryBody) -> Answer:
    """Add an entry to the draft."""
    return _answer(services().draft.create(_entry(json_data.stated())), 201)


@blueprint.get("/<path:entry_id>")
@blueprint.output(EntryShape)
def get_entry(entry_id: str) -> Answer:
    """Give one entry with its revision, which is its `ETag` too."""
    return _answer(services().draft.get(entry_id))


@blueprint.get("/<path:entry_id>/related")
@blueprint.input(RelatedQuery, location="query")
@blueprint.output(shape(RelatedList))
def related(entry_id: str, query_data: RelatedQuery) -> RelatedList:
    """Give the published entries whose standard questions are nearest to this one's; at most five."""
    filters = {"segment": query_data.segment} if query_data.segment else None
    return RelatedList(tuple(services().answering.related(entry_id, filters=filters)))


@blueprint.put("/<path:entry_id>")
@blueprint.input(EntryBody)
@blueprint.output(EntryShape)
def replace_entry(entry_id: str, json_data: EntryBody) -> Answer:
    """Replace an entry; 409 where somebody else changed it since the revision that was read."""
    stated = json_data.stated()
    if stated.get("id") not in (None, entry_id):
        raise InvalidRequest(
            _(
                "The body's `id` is '{stated}', the path's '{entry_id}'; an id cannot change.",
                stated=stated["id"],
                entry_id=entry_id,
            )
        )
    entry = _entry({**stated, "id": entry_id})
    return _answer(services().draft.update(entry, expected_revision=_revision(json_data.revision)))


@blueprint.patch("/<path:entry_id>")
@blueprint.input(EntryChange)
@blueprint.output(EntryShape)
def change_entry(entry_id: str, json_data: EntryChange) -> Answer:
    """Change some fields of an entry; 409 where somebody else changed it since the revision that was read."""
    stored = services().draft.get(entry_id)
    entry = _entry({**to_record(stored.entry), **json_data.stated()})
    expected = _revision(json_data.revision)
    # Unset fields were read a moment ago: nobody's change in between is undone.
    revision = stored.revision if expected is None else expected
    return _answer(services().draft.update(entry, expected_revision=revision))


@blueprint.delete("/<path:entry_id>")
@blueprint.output({}, status_code=204)
def delete_entry(entry_id: str) -> str:
    """Remove an entry from the draft; customers keep what is published."""
    services().draft.delete(entry_id, expected_revision=_revision(None))
    return ""


def _chosen(wanted: dict[str, Any]) -> tuple[EntryFilter, Problems | None]:
    """Which entries somebody means; and what is wrong with them, where they are chosen by that."""
    problem = wanted.pop("problem")
    if problem is None:
        return EntryFilter(**wanted), None
    problems = services().problems.find(problem)
    return EntryFilter(**wanted, ids=list(problems)), problems


def _listed(entry: Entry, problems: Problems | None) -> Json:
    if problems is None:
        return to_record(entry)
    return {**to_record(entry), "problems": problems[entry.entry_id]}


def _answer(stored: StoredEntry, status: int = 200) -> Answer:
    return {**to_record(stored.entry), "revision": stored.revision}, status, {"ETag": f'"{stored.revision}"'}


def _revision(stated: int | None) -> int | None:
    """The revision that the caller has read: `If-Match`, else the body's."""
    header = request.headers.get("If-Match", "").removeprefix("W/").strip('" ')
    if header in ("", "*"):
        return stated
    if not _REVISION.fullmatch(header):
        raise InvalidRequest(_("`If-Match` is '{header}'; send the `ETag` of the entry, such as \"3\".", header=header))
    return int(header)


def _entry(values: Mapping[str, object]) -> Entry:
    """The entry under the very rules that rows of files have to keep, its answer sanitised."""
    entry = read_entry(Row(1, values))
    if isinstance(entry, Entry):
        return entry
    raise InvalidRequest(entry[0].message, [{"field": fault.column, "message": fault.message} for fault in entry])

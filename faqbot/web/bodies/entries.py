"""Requests about entries of the draft."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from faqbot.knowledge import FIELDS, EntryField
from faqbot.web.bodies.known_fields import UNCLEAR, Body, Count, Input


class _EntryFilter(BaseModel):
    text: str | None = Field(None, description="Part of a question or answer.")
    category: str | None = None
    language: str | None = None
    tag: str | None = None
    segment: str | None = None
    enabled: bool | None = None
    valid: bool | None = Field(None, description="Within its dates at this moment, or not.")
    problem: str | None = Field(None, description="`any`, or the code of a check; enabled entries only.")


class RelatedQuery(Input):
    """For whom related entries are wanted."""

    segment: str | None = Field(None, description="Who asks; unset: entries for everybody.")


class EntriesQuery(_EntryFilter, Input):
    """Which entries of the draft to list."""

    after: str | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class FilterBody(_EntryFilter, Body):
    """What entries have in common; everything that is given has to hold."""


class Edit(Body):
    """Fields of an entry, under the column names of knowledge-base files."""

    revision: Count | None = Field(None, description="The revision that was read; `If-Match` says the same.")

    def stated(self) -> dict[str, Any]:
        """The fields that were sent, by the names of their columns."""
        return self.model_dump(exclude_unset=True, exclude={"revision"})


def _column(field: EntryField, *, whole: bool) -> Any:  # noqa: ANN401
    """A column as Pydantic wants it: its type and its rules."""
    kind, explained = list[str] if field.is_list else field.type, field.column.help
    if field.name == "entry_id":
        return str | None, Field(None, description=f"{explained} Unset on creation: derived from the question.")
    if field.required and whole:
        return kind, Field(description=explained)
    return kind, Field(list(field.default) if field.is_list else field.default, description=explained)


EntryBody = create_model(
    "EntryBody",
    __base__=Edit,
    __doc__="A whole entry, under the column names of knowledge-base files.",
    **{field.column.name: _column(field, whole=True) for field in FIELDS},
)

EntryChange = create_model(
    "EntryChange",
    __base__=Edit,
    __doc__="The fields of an entry that are to change.",
    **{field.column.name: _column(field, whole=False) for field in FIELDS if field.name != "entry_id"},
)

BulkFields = create_model(
    "BulkFields",
    __base__=Body,
    __doc__="The fields that can be set of many entries at once.",
    **{field.column.name: _column(field, whole=False) for field in FIELDS if field.column.in_bulk},
)


class BulkBody(Body):
    """One change to many entries: `ids`, `revisions` or `filter` says which, `set` or `delete` says what."""

    ids: list[str] | None = Field(None, min_length=1, max_length=10_000)
    revisions: dict[str, Count] | None = Field(
        None,
        min_length=1,
        max_length=10_000,
        description="Ids with the revisions that were read; 409 where one is old.",
    )
    filter: FilterBody | None = Field(None, description="`{}`: every entry.")
    set: BulkFields | None = None
    delete: bool = False
    expected: Count | None = Field(None, description="How many entries this is to change; 409 where it is not so.")

    @model_validator(mode="after")
    def _say_which_and_what(self) -> Self:
        if sum(way is not None for way in (self.ids, self.revisions, self.filter)) != 1:
            raise PydanticCustomError(UNCLEAR, "Name the entries in one way: `ids`, `revisions` or `filter`.")
        if (self.set is None) != self.delete or (self.set and not self.set.model_fields_set):
            raise PydanticCustomError(
                UNCLEAR, "Say what to do: either `set` with at least one field, or `delete: true`."
            )
        return self

"""Requests about entries of the draft."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from faqbot.web.bodies.known_fields import UNCLEAR, Body, Input


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


class EntryBody(Body):
    """A whole entry, under the column names of knowledge-base files."""

    id: str | None = Field(None, description="Unique and stable; unset on creation: derived from the question.")
    question: str = Field(description="The standard question (标准问).")
    similar: list[str] = Field(default_factory=list, description="Similar questions (相似问).")
    answer: str = Field("", description="Markdown; needed before the entry can be published.")
    language: str = Field("", description="BCP 47 tag.")
    category: str = ""
    tags: list[str] = Field(default_factory=list)
    enabled: bool = Field(True, description="Whether it is published.")
    valid_from: str = Field("", description="ISO 8601 date or date-time from which it answers; empty: always.")
    valid_until: str = Field("", description="The same for its end; a date counts to its midnight.")
    segments: list[str] = Field(default_factory=list, description="Whom it answers; empty: everybody.")
    prompts: list[str] = Field(default_factory=list, description="Ids of the entries offered after the answer.")
    attachments: list[str] = Field(default_factory=list, description="http(s) links that go with the answer.")
    answer_threshold: float | None = Field(None, description="Its own threshold, 0 to 1, for a direct answer.")
    revision: int | None = Field(None, description="The revision that was read; `If-Match` says the same.")


class EntryChange(Body):
    """The fields of an entry that are to change."""

    question: str = ""
    similar: list[str] = Field(default_factory=list)
    answer: str = ""
    language: str = ""
    category: str = ""
    tags: list[str] = Field(default_factory=list)
    enabled: bool = True
    valid_from: str = ""
    valid_until: str = ""
    segments: list[str] = Field(default_factory=list)
    prompts: list[str] = Field(default_factory=list)
    attachments: list[str] = Field(default_factory=list)
    answer_threshold: float | None = Field(None, description="Null takes the entry's own threshold away.")
    revision: int | None = Field(None, description="The revision that was read; `If-Match` says the same.")


class BulkFields(Body):
    """The fields that can be set of many entries at once."""

    enabled: bool = True
    category: str = ""
    tags: list[str] = Field(default_factory=list)
    segments: list[str] = Field(default_factory=list)


class BulkBody(Body):
    """One change to many entries: `ids`, `revisions` or `filter` says which, `set` or `delete` says what."""

    ids: list[str] | None = Field(None, min_length=1, max_length=10_000)
    revisions: dict[str, int] | None = Field(
        None,
        min_length=1,
        max_length=10_000,
        description="Ids with the revisions that were read; 409 where one is old.",
    )
    filter: FilterBody | None = Field(None, description="`{}`: every entry.")
    set: BulkFields | None = None
    delete: bool = False
    expected: int | None = Field(None, ge=0, description="How many entries this is to change; 409 where it is not so.")

    @model_validator(mode="after")
    def _say_which_and_what(self) -> Self:
        if sum(way is not None for way in (self.ids, self.revisions, self.filter)) != 1:
            raise PydanticCustomError(UNCLEAR, "Name the entries in one way: `ids`, `revisions` or `filter`.")
        if (self.set is None) != self.delete or (self.set and not self.set.model_fields_set):
            raise PydanticCustomError(
                UNCLEAR, "Say what to do: either `set` with at least one field, or `delete: true`."
            )
        return self

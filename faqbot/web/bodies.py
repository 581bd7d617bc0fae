"""What requests hold: one model per body or query string, unknown fields refused by name."""

from __future__ import annotations

from typing import Any, Literal, Self

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from faqbot.services.replies import RowVerdictName

UNKNOWN_FIELD = "unknown_field"
"""Pydantic's type of the fault that `_Input` finds."""

UNCLEAR = "unclear"
"""The type of a fault of the body as a whole, whose message is a sentence."""


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _know_every_field(cls, data: Any) -> Any:  # noqa: ANN401
        unknown = [str(name) for name in data if name not in cls.model_fields] if isinstance(data, dict) else []
        if unknown:
            known = ", ".join(f"`{name}`" for name in cls.model_fields)
            raise PydanticCustomError(
                UNKNOWN_FIELD,
                "There is no field `{name}` here; there are {known}.",
                {"name": unknown[0][:100], "known": known},
            )
        return data


class _Body(_Input):
    """JSON knows types, so `"5"` is no number and `1` is no truth value."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AskBody(_Body):
    """A customer's question."""

    question: str = Field(description="In the customer's own words.")
    mode: str | None = Field(None, description="`dense`, `sparse`, `colbert` or `hybrid`; unset: the setting.")
    top: int | None = Field(None, description="Suggestions at most, 1 to 50; unset: the setting.")
    language: str | None = Field(None, max_length=35, description="BCP 47 tag of the wanted answer; unset: guessed.")
    filters: dict[str, str | list[str]] | None = Field(
        None,
        description="Only entries with this `category`, `tag`, `language` or `entry_id`, and `segment` for who asks: "
        "one value or several each.",
    )
    session_id: str | None = Field(
        None,
        max_length=128,
        description="Which conversation the question belongs to: then choices such as `2`, thanks, and requests for a "
        "person are understood. Unset: each question stands for itself.",
    )
    explain: bool = Field(False, description="Whether the reply says how the score came about.")


class SimilarityBody(_Body):
    """Two texts to compare."""

    a: str
    b: str


class LookupQuery(_Input):
    """An agent's search."""

    q: str = Field(description="The customer's question.")
    top: int | None = Field(None, description="Rows at most, 1 to 50; unset: the setting.")
    mode: str | None = Field(None, description="`dense`, `sparse`, `colbert` or `hybrid`; unset: the setting.")
    segment: str | None = Field(None, description="Who asks; unset: entries for everybody.")


class _EntryFilter(BaseModel):
    text: str | None = Field(None, description="Part of a question or answer.")
    category: str | None = None
    language: str | None = None
    tag: str | None = None
    segment: str | None = None
    enabled: bool | None = None
    valid: bool | None = Field(None, description="Within its dates at this moment, or not.")


class RelatedQuery(_Input):
    """For whom related entries are wanted."""

    segment: str | None = Field(None, description="Who asks; unset: entries for everybody.")


class EntriesQuery(_EntryFilter, _Input):
    """Which entries of the draft to list."""

    after: str | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class FilterBody(_EntryFilter, _Body):
    """What entries have in common; everything that is given has to hold."""


class AuditQuery(_Input):
    """Which changes to list."""

    actor: str | None = Field(None, description="Who, such as `key 3` or `cli`.")
    action: str | None = Field(None, description="`entry.update`, or `entry` for all that begins so.")
    subject: str | None = Field(None, description="Id of the entry, number of the version or key.")
    since: str | None = Field(None, description="ISO 8601 date or date-time.")
    until: str | None = Field(None, description="The same for the end; a date counts to its midnight.")
    after: int | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


class EntryBody(_Body):
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


class EntryChange(_Body):
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


class QuestionsQuery(_Input):
    """Which of the asked questions to list."""

    verdict: Literal["answer", "suggest", "fallback"] | None = None
    after: int | None = Field(None, ge=1, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=1000)


class FeedbackBody(_Body):
    """What a customer thought of a reply."""

    request_id: str = Field(max_length=64, description="Of the reply.")
    kind: Literal["helpful", "unhelpful", "chosen", "none"] = Field(
        description="The answer helped, or did not; a suggestion was meant; nothing of what was offered was meant."
    )
    entry_id: str | None = Field(None, description="With `chosen`: the suggestion that was meant.")


class FeedbackQuery(_Input):
    """Which feedback to list."""

    after: int | None = Field(None, ge=1, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=1000)


class AcceptBody(_Body):
    """What an admin makes of a feedback."""

    entry_ids: list[str] = Field(description="Entries that answer the question; empty: nothing does.")
    as_wording: bool = Field(False, description="Also add the question to the first entry in the draft.")


class LabelBody(AcceptBody):
    """Which entries answer a question."""

    question: str


class LabelQuery(_Input):
    """Which label."""

    question: str


class BulkFields(_Body):
    """The fields that can be set of many entries at once."""

    enabled: bool = True
    category: str = ""
    tags: list[str] = Field(default_factory=list)
    segments: list[str] = Field(default_factory=list)


class BulkBody(_Body):
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


class ImportForm(_Input):
    """An upload."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile = Field(description="csv, tsv, xlsx, json, jsonl or yaml, also other programs' exports.")
    dry_run: bool = Field(False, description="Report only, change nothing.")
    replace: bool = Field(False, description="Entries that the file does not hold leave the draft.")

    @field_validator("file", mode="before")
    @classmethod
    def _be_there(cls, file: Any) -> Any:  # noqa: ANN401
        if not file:
            raise PydanticCustomError("no_file", "the upload has no file in a field of this name")
        return file


class ImportJobForm(ImportForm):
    """An upload that is worked on in the background."""

    publish: bool = Field(False, description="Publish the draft afterwards.")


class JobsQuery(_Input):
    """Which jobs to list."""

    limit: int = Field(50, ge=1, le=200)


class JobQuery(_Input):
    """How to look at a job."""

    wait: float = Field(0, ge=0, le=60, description="Seconds to wait for its end.")


class RowsQuery(_Input):
    """Which rows of an import to list."""

    verdict: RowVerdictName | None = Field(None, description="Only rows with this verdict.")
    after: int = Field(0, ge=0, description="The `next` of the page before.")
    limit: int = Field(100, ge=1, le=1000)


class OverrideBody(_Body):
    """A check that may fail this once."""

    code: str = Field(max_length=50)
    note: str = Field(max_length=500, description="Why; kept with the version.")


class PublishBody(_Body):
    """A publication."""

    note: str = Field("", max_length=500, description="Why, for the list of versions.")
    overrides: list[OverrideBody] = Field(default_factory=list, max_length=20)


class QuestionTestBody(_Body):
    """A question with the decision that every version has to make."""

    question: str = Field(max_length=1000)
    entry_id: str | None = Field(None, description="The entry that has to answer; unset: nothing may.")


class ReplayQuery(_Input):
    """Which real questions to ask again."""

    last: int = Field(1000, ge=1, le=100_000, description="How many of the kept questions.")


class DiffQuery(_Input):
    """What to compare."""

    earlier: int | None = Field(None, ge=1, description="Unset: the current version.")
    later: int | None = Field(None, ge=1, description="Unset: the draft.")


class DuplicatesQuery(_Input):
    """How near is near."""

    threshold: float = Field(0.3, ge=0, le=1, description="Score from which a pair is listed.")


class DuplicatesForm(_Input):
    """A file to compare with the draft."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile = Field(description="csv, xlsx, json, jsonl or yaml.")
    threshold: float = Field(0.3, ge=0, le=1, description="Score from which a pair is listed.")

    @field_validator("file", mode="before")
    @classmethod
    def _be_there(cls, file: Any) -> Any:  # noqa: ANN401
        if not file:
            raise PydanticCustomError("no_file", "the upload has no file in a field of this name")
        return file


class RollbackBody(_Body):
    """Which version is to answer again."""

    version: int | None = Field(None, ge=1, description="Unset: the one published before the current one.")

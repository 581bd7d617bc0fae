"""Uploaded files."""

from __future__ import annotations

from typing import Any

from apiflask.fields import UploadFile
from pydantic import ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from faqbot.formats import Choice
from faqbot.services.checks.duplicates import LISTED
from faqbot.services.draft.importing import ImportTerms
from faqbot.web.bodies.known_fields import Input


class Upload(Input):
    """A form with a file."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile = Field(
        description="csv, tsv, xlsx, xlsm, xls, ods, json, jsonl or yaml, also other programs' exports."
    )
    map: str = Field("", description="Which column is which, one a line: `question=HEADING`, or a column's letter.")
    sheet: str = Field("", description="Names of the sheets to read, one a line; empty: all with questions.")

    @field_validator("file", mode="before")
    @classmethod
    def _be_there(cls, file: Any) -> Any:  # noqa: ANN401
        if not file:
            raise PydanticCustomError("no_file", "the upload has no file in a field of this name")
        return file

    @property
    def choice(self) -> Choice:
        """What `map` and `sheet` say.

        Raises:
            InvalidRequest: A line of `map` says no column.
        """
        return Choice.of(*([line for line in text.splitlines() if line.strip()] for text in (self.map, self.sheet)))


class ImportForm(Upload):
    """A file for the draft."""

    dry_run: bool = Field(False, description="Report only, change nothing.")
    replace: bool = Field(False, description="Entries that the file does not hold leave the draft.")
    confirmed: bool = Field(False, description="Go on with what the import would ask about.")
    skip_invalid: bool = Field(False, description="Take the good rows; `/api/v1/imports/rejected` gives the others.")

    @property
    def terms(self) -> ImportTerms:
        """What the form says about the file and what is to happen with it."""
        return ImportTerms(self.choice, confirmed=self.confirmed, skip_invalid=self.skip_invalid)


class ImportJobForm(ImportForm):
    """An upload that is worked on in the background."""

    publish: bool = Field(False, description="Publish the draft afterwards.")


class DuplicatesForm(Upload):
    """A file to compare with the draft."""

    threshold: float = Field(LISTED, ge=0, le=1, description="Score from which a pair is listed.")

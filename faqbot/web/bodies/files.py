"""Uploaded files."""

from __future__ import annotations

from typing import Any

from apiflask.fields import UploadFile
from pydantic import ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from faqbot.services.checks.duplicates import LISTED
from faqbot.web.bodies.known_fields import Input


class Upload(Input):
    """A form with a file."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile = Field(description="csv, tsv, xlsx, json, jsonl or yaml, also other programs' exports.")

    @field_validator("file", mode="before")
    @classmethod
    def _be_there(cls, file: Any) -> Any:  # noqa: ANN401
        if not file:
            raise PydanticCustomError("no_file", "the upload has no file in a field of this name")
        return file


class ImportForm(Upload):
    """A file for the draft."""

    dry_run: bool = Field(False, description="Report only, change nothing.")
    replace: bool = Field(False, description="Entries that the file does not hold leave the draft.")


class ImportJobForm(ImportForm):
    """An upload that is worked on in the background."""

    publish: bool = Field(False, description="Publish the draft afterwards.")


class DuplicatesForm(Upload):
    """A file to compare with the draft."""

    threshold: float = Field(LISTED, ge=0, le=1, description="Score from which a pair is listed.")

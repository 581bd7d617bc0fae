"""Requests about published versions."""

from __future__ import annotations

from pydantic import Field

from faqbot.web.bodies.known_fields import Body, Input, Number


class OverrideBody(Body):
    """A check that may fail this once."""

    code: str = Field(max_length=50)
    note: str = Field(max_length=500, description="Why; kept with the version.")


class PublishBody(Body):
    """A publication."""

    note: str = Field("", max_length=500, description="Why, for the list of versions.")
    overrides: list[OverrideBody] = Field(default_factory=list, max_length=20)


class RollbackBody(Body):
    """Which version is to answer again."""

    version: Number | None = Field(None, description="Unset: what customers had before the current one.")


class ThresholdQuery(Input):
    """Whose thresholds."""

    version: Number | None = Field(None, description="Unset: the current version.")


class DiffQuery(Input):
    """What to compare."""

    earlier: Number | None = Field(None, description="Unset: the current version.")
    later: Number | None = Field(None, description="Unset: the draft.")

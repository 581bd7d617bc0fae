"""What all requests have in common: a field that nobody knows is refused by name."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

LARGEST = 2**31 - 1
"""Largest whole number that every database takes as the number of a row or a revision."""

Number = Annotated[int, Field(ge=1, le=LARGEST)]
"""The number of a version, a question, a job ..."""

Count = Annotated[int, Field(ge=0, le=LARGEST)]
"""How often something was changed, or how much of it there is."""

UNKNOWN_FIELD = "unknown_field"
"""Pydantic's type of the fault that `Input` finds."""

UNCLEAR = "unclear"
"""The type of a fault of the body as a whole, whose message is a sentence."""


class Input(BaseModel):
    """A query string or form: what is not known is refused by name."""

    # Made ready at the first request, so that the start need not wait for all of them.
    model_config = ConfigDict(extra="forbid", defer_build=True)

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


class Body(Input):
    """JSON knows types, so `"5"` is no number and `1` is no truth value."""

    model_config = ConfigDict(extra="forbid", strict=True)

"""What replies look like, as APIFlask wants it: a Pydantic model around each record of the services."""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel, ConfigDict, RootModel, create_model

from faqbot.contract import DescribedSchema, schema_of

_SHAPES: dict[type, type[BaseModel]] = {}


class _Record(RootModel[Any]):
    # What checks it is made at the first reply: at the start, all of them together would take a tenth of a second.
    model_config = ConfigDict(defer_build=True)

    @classmethod
    def model_json_schema(cls, *_: Any, ref_template: str = "", **__: Any) -> dict[str, Any]:  # noqa: ANN401
        """What is sent, as the record describes it."""
        return schema_of(cast("type", cls.model_fields["root"].annotation), ref_template)


def shape(record: type) -> type[BaseModel]:
    """A record as the schema of a reply: a view returns the record, its JSON and its description are the record's."""
    if record in _SHAPES:
        # The same one, so that the OpenAPI document describes it once.
        return _SHAPES[record]

    _SHAPES[record] = create_model(record.__name__, __base__=_Record, root=(record, ...))
    return _SHAPES[record]


class Shape(BaseModel):
    """A reply that is put together of columns; it holds its fields and no others."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def model_json_schema(cls, *_: Any, ref_template: str = "", **__: Any) -> dict[str, Any]:  # noqa: ANN401
        """What is sent, not what could be read."""
        return super().model_json_schema(
            ref_template=ref_template, mode="serialization", schema_generator=DescribedSchema
        )


ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Error",
    "required": ["error", "request_id"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "description": "Stable and machine-readable."},
                "message": {"type": "string", "description": "One sentence that says what to change."},
                "details": {
                    "type": "array",
                    "items": {"type": ["string", "object"]},
                    "description": "Names of fields, or an object for each fault, where there are any.",
                },
            },
        },
        "request_id": {"type": "string"},
    },
}
"""The one error body."""

"""How records look to other programs: one way to JSON and back, and one description of that JSON.

A record is a dataclass. Its fields have the names of the contract, and its docstring's `Attributes` are what the
OpenAPI document says about them; the marks below, as `Annotated[str, INTERNAL]`, say where a field differs from that.
API, webhooks, command line and stored results all use `to_json`, so they cannot disagree.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any, TypeVar

from pydantic import Field, PlainSerializer, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

_T = TypeVar("_T")
Json = dict[str, Any]

INTERNAL: Any = Field(exclude=True)
"""The field is ours alone."""

ABSENT_WHEN_NONE: Any = Field(exclude_if=lambda value: value is None)
"""The field is there only where it has a value."""

NULL_WHEN_EMPTY = PlainSerializer(lambda text: text or None, return_type=str | None)
"""An empty text is shown as null."""

SORTED = PlainSerializer(sorted, return_type=list[str])
"""A set of texts is shown as a list in their order."""

ROUNDED = PlainSerializer(lambda value: None if value is None else round(value, 1), return_type=float | None)
"""A number that is only an estimate is shown with one decimal."""


def named(name: str) -> Any:  # noqa: ANN401
    """The field has another name in the contract than here."""
    return Field(alias=name)


def to_json(record: object) -> Json:
    """A record as JSON values, in the order of its fields."""
    shown: Json = _adapter(type(record)).dump_python(record, mode="json", by_alias=True)
    return shown


def from_json(kind: type[_T], value: object) -> _T:
    """The record that `to_json` has written, perhaps in an earlier release: what is not known is ignored.

    Raises:
        ValueError: It is none of this kind.
    """
    record: _T = _adapter(kind).validate_python(value)
    return record


def schema_of(kind: type, ref_template: str) -> Json:
    """What `to_json` gives for a kind of record, as JSON Schema; `ref_template` as Pydantic wants it."""
    return _adapter(kind).json_schema(mode="serialization", ref_template=ref_template, schema_generator=DescribedSchema)


def read_schema_of(kind: type, ref_template: str) -> Json:
    """The same of what is read: a body that other programs send, whose further fields are let pass."""
    return _adapter(kind).json_schema(mode="validation", ref_template=ref_template, schema_generator=PlainlyNamed)


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401
    # Making one takes milliseconds.
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


# How JSON spells NUL and halves of characters.
_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_UNFIT = re.compile("[\0\ud800-\udfff]")


def parse_json(data: str | bytes, **options: Any) -> Any:  # noqa: ANN401
    """Read somebody else's JSON, in UTF-8, UTF-16 or UTF-32, without what later steps could stumble over.

    Raises:
        ValueError: It is no JSON, nested deeper than the parser can follow, or holds NUL or half a character.
    """
    # The parser itself would let halves of characters pass that bytes hold.
    text = data.decode(json.detect_encoding(data)) if isinstance(data, bytes) else data
    try:
        value = json.loads(text, parse_constant=_refuse_constant, **options)
        if _SUSPECT.search(text):
            _refuse_unfit_text(value)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def _refuse_unfit_text(value: object) -> None:
    """JSON can spell NUL, and half of a character that takes two escapes: no tokenizer and no database takes both."""
    if isinstance(value, str):
        found = _UNFIT.search(value)
        if found:
            what = "a NUL character" if found[0] == "\0" else "half a character (a lone surrogate)"
            raise ValueError(f"it holds {what}")
    elif isinstance(value, dict):
        for name, part in value.items():
            _refuse_unfit_text(name)
            _refuse_unfit_text(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_unfit_text(part)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


class PlainlyNamed(GenerateJsonSchema):
    """What a kind is made of has a plain name."""

    def normalize_name(self, name: str) -> str:
        """Called for what a kind is made of: that a part of it is private here is nobody's business."""
        return super().normalize_name(name.lstrip("_"))


class DescribedSchema(PlainlyNamed):
    """A record has its fields and no others, all of them are there, and its docstring says what they mean."""

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> Json:
        """Called for every record."""
        found = super().dataclass_schema(schema)
        summary, attributes = _documented(schema["cls"])
        found["description"] = summary
        found["additionalProperties"] = False
        arguments = schema["schema"]
        for field in arguments["fields"] if arguments["type"] == "dataclass-args" else ():
            shown = found["properties"].get(field.get("serialization_alias", field["name"]))
            if shown is not None and field["name"] in attributes:
                shown.setdefault("description", attributes[field["name"]])
        return found

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> Json:
        """Called for what other programs' protocols name; it has no docstring of ours to quote."""
        found = super().typed_dict_schema(schema)
        found.pop("description", None)
        found["additionalProperties"] = False
        return found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Json:
        """Called for fields that records need not be given: of what is sent there is no default."""
        return self.generate_inner(schema["schema"])

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        """Called for every field."""
        if field["type"] == "typed-dict-field":
            return super().field_is_required(field, total)
        return "serialization_exclude_if" not in field


def _documented(kind: type) -> tuple[str, dict[str, str]]:
    """A docstring's first line, and what its section `Attributes`, or that of a record it extends, says of each."""
    attributes: dict[str, str] = {}
    for base in reversed(kind.__mro__[:-1]):
        section = re.search(r"^Attributes:\n((?:[ ].*(?:\n|\Z))*)", inspect.getdoc(base) or "", re.MULTILINE)
        found = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", section[1] if section else "", re.MULTILINE)
        attributes |= {name: " ".join(text.split()) for name, text in found}
    return (inspect.getdoc(kind) or "").partition("\n")[0], attributes

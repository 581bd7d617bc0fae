"""Every place of the API that takes a text, found in `/openapi.json`: a new field is met without anybody adding it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Any

KNOWN_REQUEST = "known-request"
"""The id of a request that was answered."""

# What a request needs to get as far as the text. Anything else that is required is made up by its type.
_SOUND: Mapping[str, Json] = {
    "attachments": ["https://shop.example/a"],
    "code": "placeholder",
    "dimensions": None,
    "encoding_format": "float",
    "entry_id": "shipping",
    "entry_ids": ["shipping"],
    "expires": "2030-01-01",
    "file_format": "csv",
    "head": f"1:{'0' * 64}",
    "id": None,
    "ids": None,
    "input": ["多久发货"],
    "kind": "helpful",
    "language": "zh",
    "messages": [{"role": "user", "content": "多久发货", "text": "多久发货"}],
    "mode": "hybrid",
    "model": "faqbot",
    "name": "faqbot",
    "problem": "any",
    "qnaId": None,
    "request_id": KNOWN_REQUEST,
    "revision": None,
    "revisions": None,
    "since": "2026-01-01",
    "sourceFilter": None,
    "stream_options": None,
    "top": 3,
    "until": "2030-01-01",
    "valid_from": "2026-01-01",
    "valid_until": "2030-01-01",
}
_SOUND_AT: Mapping[str, Mapping[str, Json]] = {"/v1/embeddings": {"model": "compact"}}
_TEXT = "多久发货"


@dataclass(frozen=True)
class Field:
    """One place for a text.

    Attributes:
        method: Of HTTP.
        path: As the document writes it.
        place: `path`, `query`, `body` or `form`.
        steps: Names and positions that lead to it.
        sound: A request that is sound: parts by place.
    """

    method: str
    path: str
    place: str
    steps: tuple[str | int, ...]
    sound: Mapping[str, Json]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.place}:{'.'.join(map(str, self.steps))}"

    def with_text(self, text: str) -> Mapping[str, Json]:
        """The request with a text there."""
        parts = copy.deepcopy(dict(self.sound))
        at = parts[self.place]
        for step in self.steps[:-1]:
            at = at[step]
        if isinstance(self.steps[-1], _OwnName):
            at[text] = at.pop(self.steps[-1])
        else:
            at[self.steps[-1]] = text
        return parts


class _OwnName(str):
    """A name that whoever asks chooses; this one is sound in filters."""

    __slots__ = ()


_OWN_NAME = _OwnName("tag")


def fields_of(document: Json) -> Iterator[Field]:
    """Every text of every operation, a name of its own choice among them."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            sound = _sound_request(document, operation)
            if path in _SOUND_AT:
                sound["body"].update(_SOUND_AT[path])
            for place, part in sound.items():
                for steps in _texts(part):
                    yield Field(method.upper(), path, place, steps, sound)


def _sound_request(document: Json, operation: Json) -> dict[str, Json]:
    parts: dict[str, Json] = {"path": {}, "query": {}}
    for parameter in operation.get("parameters", ()):
        parts[parameter["in"]][parameter["name"]] = _example(document, parameter["schema"], parameter["name"])
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type == "application/json":
            parts["body"] = _example(document, content["schema"])
        elif media_type == "multipart/form-data" and "$ref" in content["schema"]:
            parts["form"] = _example(document, content["schema"])
    return parts


def _example(document: Json, schema: Json, name: str = "") -> Json:
    """A value with every field that there is."""
    if "$ref" in schema:
        return _example(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
    if name in _SOUND:
        return copy.deepcopy(_SOUND[name])
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if choices:
        return _example(document, choices[-1], name)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        found = {each: _example(document, part, each) for each, part in schema.get("properties", {}).items()}
        further = schema.get("additionalProperties")
        return {**found, _OWN_NAME: _example(document, further)} if isinstance(further, dict) else found
    if kind == "array":
        return [_example(document, schema["items"])]
    return {"string": _TEXT, "integer": 1, "number": 0.5, "boolean": False}.get(kind)


def _texts(value: Json, *steps: str | int) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str) or value is None:
        if steps:
            yield steps
    elif isinstance(value, dict):
        for name, part in value.items():
            if isinstance(name, _OwnName):
                yield (*steps, name)
            yield from _texts(part, *steps, name)
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from _texts(part, *steps, place)

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest

from faqbot.contract import (
    ABSENT_WHEN_NONE,
    INTERNAL,
    NULL_WHEN_EMPTY,
    ROUNDED,
    SORTED,
    from_json,
    named,
    schema_of,
    to_json,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part."""

    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """Something made of parts.

    This second paragraph is for readers of the code.

    Attributes:
        number: Counts up;
            never given twice.
        parts: In their order.
        secret: Nobody's business.
    """

    number: Annotated[int, named("id")]
    parts: tuple[Part, ...]
    secret: Annotated[str, INTERNAL] = ""
    passage: Annotated[Part | None, ABSENT_WHEN_NONE] = None
    entry_id: Annotated[str, NULL_WHEN_EMPTY] = ""
    ids: Annotated[frozenset[str], SORTED] = frozenset()
    rate: Annotated[float | None, ROUNDED] = None


def test_a_record_is_shown_under_the_contracts_names_without_what_is_internal() -> None:
    whole = Whole(1, (Part("a"),), "s", ids=frozenset("cab"), rate=0.26)
    assert to_json(whole) == {
        "id": 1,
        "parts": [{"text": "a"}],
        "entry_id": None,
        "ids": ["a", "b", "c"],
        "rate": 0.3,
    }
    assert to_json(Whole(1, (), passage=Part("b"), entry_id="e"))["passage"] == {"text": "b"}


def test_what_was_written_can_be_read_again_also_with_what_a_newer_release_has_added() -> None:
    whole = Whole(1, (Part("a"),), passage=Part("b"))
    assert from_json(Whole, {**to_json(whole), "entry_id": "", "added": 1}) == whole
    with pytest.raises(ValueError, match="parts"):
        from_json(Whole, {"id": 1})


def test_the_schema_says_what_the_docstring_says() -> None:
    schema = schema_of(Whole, "#/{model}")
    assert schema["description"] == "Something made of parts."
    assert set(schema["properties"]) == {"id", "parts", "passage", "entry_id", "ids", "rate"}
    assert schema["properties"]["id"]["description"] == "Counts up; never given twice."
    assert schema["properties"]["parts"]["description"] == "In their order."
    assert set(schema["required"]) == set(schema["properties"]) - {"passage"}
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Part"]["properties"] == {"text": {"title": "Text", "type": "string"}}

"""Whatever a vendor's field holds, the file becomes rows, errors of rows, or one error of ours."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from faqbot.errors import FileError
from faqbot.formats import ParsedFile, read_bytes
from tests.unit.formats.vendors.test_chinese_platforms import WEIXIN
from tests.unit.formats.vendors.test_qna_maker import TSV
from tests.unit.formats.vendors.test_qnabot import EXPORT

PAIR = {
    "id": 1,
    "answer": "a",
    "source": "s",
    "questions": ["q", "r"],
    "metadata": [{"name": "n", "value": "v"}],
    "context": {"isContextOnly": False, "prompts": [{"displayOrder": 0, "qnaId": 1, "displayText": "d"}]},
    "dialog": {"prompts": [{"displayOrder": "x", "qnaId": None}]},
    "activeLearningSuggestions": [{"clusterHead": "c"}],
}
INTENT = {"skill": "s", "intent": "i", "threshold": "0.9", "disable": True, "questions": ["q"], "answers": ["a"]}
CHAT = {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
FILES: list[object] = [
    EXPORT,
    {"qnaDocuments": [PAIR, {**PAIR, "answer": "b"}]},
    {"metadata": {"language": "English"}, "assets": {"synonyms": [{}], "qnas": [PAIR]}},
    {"data": [INTENT]},
    [CHAT],
]
_LEAF = st.none() | st.booleans() | st.integers() | st.floats()
_TEXT = st.sampled_from(["", "##", "[", "{{", "1", "\ud800", "@"])
_NAME = st.sampled_from(["name", "qnaId", ""])
ODD = st.recursive(
    _LEAF | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAME, inner, max_size=2),
    max_leaves=4,
)


def _with_one_odd_value(value: object, place: int, odd: object) -> object:
    """The same file with the value at one place, counted through the whole tree, replaced."""
    left = [place]

    def visit(part: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            return odd
        if isinstance(part, dict):
            return {name: visit(inner) for name, inner in part.items()}
        return [visit(inner) for inner in part] if isinstance(part, list) else part

    return visit(value)


def _read(text: str, name: str) -> ParsedFile | None:
    """The file; None where it is refused as a whole."""
    try:
        return read_bytes(text.encode(), name)
    except FileError:
        return None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FILES), st.integers(2, 45), ODD)
def test_an_odd_value_in_a_json_export_is_no_crash(file: object, place: int, odd: object) -> None:
    parsed = _read(json.dumps(_with_one_odd_value(file, place, odd)), "export.json")
    assert parsed is None or parsed.entries or parsed.errors or parsed.losses or odd in ([], {})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([TSV, WEIXIN]), st.integers(0, 900), st.sampled_from(['"', "\t", ",", "\n", "[", "}", "", "'="]))
def test_an_odd_character_in_a_table_is_no_crash(table: str, place: int, odd: str) -> None:
    parsed = _read(table[:place] + odd + table[place + 1 :], "export.tsv")
    assert parsed is None or parsed.entries or parsed.errors

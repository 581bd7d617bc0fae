"""Whatever a vendor's field holds, the file becomes rows, errors of rows, or one error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faqbot.errors import FileError
from faqbot.formats import read_bytes
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
SOUND = {"id": 9, "answer": "Sound.", "questions": ["Sound?"], "metadata": []}
SOUND_INTENT = {"skill": "s", "intent": "Sound?", "disable": False, "questions": ["x"], "answers": ["Sound."]}
SOUND_CHAT = {"messages": [{"role": "user", "content": "Sound?"}, {"role": "assistant", "content": "Sound."}]}
SOUND_QNA = {"qid": "Sound.1", "q": ["Sound?"], "a": "Sound."}

# A record with every field that a vendor has, and the file that holds it beside a plain one.
RECORDS: list[tuple[object, Callable[[object], object]]] = [
    (EXPORT["qna"][0], lambda record: {"qna": [record, SOUND_QNA]}),
    (PAIR, lambda record: {"qnaDocuments": [record, SOUND]}),
    (PAIR, lambda record: {"metadata": {"language": "English"}, "assets": {"synonyms": [{}], "qnas": [record, SOUND]}}),
    (INTENT, lambda record: {"data": [record, SOUND_INTENT]}),
    (CHAT, lambda record: [record, SOUND_CHAT]),
]
# A table and the question of each of its rows.
TABLES = [
    (TSV, ["How do I return shoes?", "Shoes do not fit", "Which size is mine?", '"Where" is my parcel?']),
    (WEIXIN, ["怎么退货", "退货要钱吗"]),
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


def _size(value: object) -> int:
    """How many places `_with_one_odd_value` counts."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(_size(part) for part in inner)


_PLACES = [(file, record, place) for record, file in RECORDS for place in range(2, _size(record) + 1)]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(_PLACES), ODD)
def test_an_odd_value_in_a_record_costs_no_other_record_and_is_passed_over_nowhere(
    at: tuple[Callable[[object], object], object, int], odd: object
) -> None:
    file, record, place = at
    parsed = read_bytes(json.dumps(file(_with_one_odd_value(record, place, odd))).encode(), "export.json")
    assert ("Sound?", "Sound.") in [(entry.standard_question, entry.answer) for _, entry in parsed.entries]
    # The record itself is an entry or a line of the report.
    assert len(parsed.entries) + len(parsed.errors) >= 2


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(TABLES), st.integers(0, 900), st.sampled_from(['"', "\t", ",", "\n", "[", "}", "", "'="]))
def test_an_odd_character_in_a_table_costs_no_row_above_it(table: tuple[str, list[str]], place: int, odd: str) -> None:
    text, questions = table
    try:
        parsed = read_bytes((text[:place] + odd + text[place + 1 :]).encode(), "export.tsv")
    except FileError:
        assert odd == '"' or "\n" not in text[:place], "only an open quotation or an odd heading spoils the whole file"
        return
    above = questions[: max(text[:place].count("\n") - 1, 0)]
    assert set(above) <= {wording for _, entry in parsed.entries for wording in entry.wordings}

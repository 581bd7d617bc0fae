from __future__ import annotations

import pytest

from faqbot.errors import FileTooLarge, MissingColumn, UnreadableFile
from faqbot.formats import Limits, RowError, read_bytes, to_bytes
from faqbot.formats.files.json_format import MISTAKES
from faqbot.knowledge import Entry


def lines_of(data: str, name: str) -> list[tuple[int, str]]:
    parsed = read_bytes(data.encode(), name)
    assert parsed.errors == ()
    return [(line, entry.standard_question) for line, entry in parsed.entries]


@pytest.mark.parametrize(
    "data",
    [
        '[\n{"question": "a"},\n\n{"question":\n"b"}]',
        '{"entries":[\n{"question": "a"},\n\n{"question": "b"}], "other": [{}]}',
        '{"version": {"entries": [1]}, "entries":[\n{"question": "a"},\n\n{"question": "b"}]}',
    ],
)
def test_json_entries_know_their_lines(data: str) -> None:
    assert lines_of(data, "kb.json") == [(2, "a"), (4, "b")]


@pytest.mark.parametrize(
    "data",
    ["\n- question: a\n\n- question: b\n", "entries:\n- question: a\n\n- {question: b}\nother: [x]\n"],
)
def test_yaml_entries_know_their_lines(data: str) -> None:
    assert lines_of(data, "kb.yaml") == [(2, "a"), (4, "b")]


def test_yaml_values_stay_as_they_are_written() -> None:
    data = b"- {id: 010, question: 12:30, answer: no, category: 1.0, tags: [on, 2024-01-02], enabled: no, language: ~}"
    [(_, entry)] = read_bytes(data, "kb.yml").entries
    assert entry == Entry("010", "12:30", answer="no", category="1.0", tags=("on", "2024-01-02"), enabled=False)


def test_yaml_is_written_for_people() -> None:
    text = to_bytes("yaml", [Entry("a", "怎么退款？", ("b", "c"), "one\ntwo")]).decode()
    assert text == (
        "- id: a\n  question: 怎么退款？\n  similar:\n  - b\n  - c\n  answer: |-\n    one\n    two\n"
        "  language: ''\n  category: ''\n  tags: []\n  enabled: true\n  valid_from: ''\n  valid_until: ''\n"
        "  segments: []\n  prompts: []\n  attachments: []\n  answer_threshold: null\n"
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("a: &x [b]\nentries: [*x]", "line 1 uses an anchor"),
        ("- question: !!python/name:os.system x", "line 1 uses the tag"),
        ("- question: a\n  question: b", "line 2 gives 'question' a second time"),
        ("- question: a\n\t- b", "not valid YAML at line 2"),
        ("- question: 'a", "look there, and on the line before"),
        ("entries:\n- question: a\nrest: [", "not valid YAML at line 4"),
        ("question: a", "a list under 'entries:'"),
        ("just text", "must be a list"),
        ("- a: 1\n---\n- b: 1", "more than one document"),
        ("# nothing", "it is empty"),
        ("[" * 20, "line 1 is nested too deeply"),
        ("{a: " * 20, "line 1 is nested too deeply"),
        # How deep the parser itself goes differs between its releases; no depth may crash it.
        ("[" * 100_000, "line 1"),
        ("{a: " * 100_000, "line 1"),
        ("- {[a]: b}", "as a name"),
        ("- question: \x01", "not valid YAML"),
    ],
)
def test_yaml_that_cannot_be_used_is_refused_with_the_place(data: str, problem: str) -> None:
    with pytest.raises(UnreadableFile, match=problem):
        read_bytes(data.encode(), "kb.yaml")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ('[{"question": "a"}', "line 1, column 19; look there"),
        ('{"questions": []}', r'must be a list of entries, or \{"entries"'),
        ('"text"', "must be a list"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"question": 1' + "0" * 5000 + "}]", "too long"),
    ],
)
def test_json_that_cannot_be_used_is_refused_with_the_place(data: str, problem: str) -> None:
    with pytest.raises(UnreadableFile, match=problem):
        read_bytes(data.encode(), "kb.json")


def test_a_broken_line_of_jsonl_is_that_lines_error() -> None:
    parsed = read_bytes(b'{"question": "a"}\n\n{"question": }\n["b"]\n{"question": "c"}\n', "kb.jsonl")
    assert [(line, entry.standard_question) for line, entry in parsed.entries] == [(1, "a"), (5, "c")]
    assert parsed.errors == (
        RowError(3, "", f"The line is not valid JSON at column 14; look there for {MISTAKES}."),
        RowError(4, "", "The entry is not an object with names and values such as 'question' and 'answer'."),
    )


def test_wrong_types_are_row_errors() -> None:
    data = b"""[{"question": ["a"]}, {"question": "b", "answer": {"text": "x"}}, {"question": true},
                {"question": "c", "tags": 5}]"""
    parsed = read_bytes(data, "kb.json")
    assert [(error.column, error.message.split(";")[0]) for error in parsed.errors] == [
        ("question", "Column 'question' holds a list where text belongs."),
        ("answer", "Column 'answer' holds names and values where text belongs."),
        ("question", "Column 'question' holds true or false where text belongs"),
    ]
    assert parsed.entries[0][1].tags == ("5",)


@pytest.mark.parametrize("name", ["kb.json", "kb.jsonl"])
def test_a_name_that_is_given_twice_is_a_row_error_with_its_line(name: str) -> None:
    records = ['{"question": "a", "note": 1, "note": 2}', '{"question": "b", "id": "x", "id": "y"}']
    data = "\n".join(records) if name == "kb.jsonl" else f"[{records[0]},\n{records[1]}]"
    parsed = read_bytes(data.encode(), name)
    assert parsed.errors == (RowError(2, "id", "The entry has two values for 'id'; keep one."),)
    assert [entry.standard_question for _, entry in parsed.entries] == ["a"]


def test_two_names_for_one_column_are_a_row_error() -> None:
    parsed = read_bytes('[{"question": "a", "问题": "b"}]'.encode(), "kb.json")
    assert parsed.errors == (RowError(1, "question", "The entry has two values for 'question'; keep one."),)


@pytest.mark.parametrize(
    ("name", "data"), [("kb.json", '[{"v": 1}, {"w": 2}]'), ("kb.jsonl", '{"v": 1}'), ("kb.yaml", "- v: 1\n- w: 2")]
)
def test_without_any_question_the_names_that_were_found_are_shown(name: str, data: str) -> None:
    with pytest.raises(MissingColumn, match=r"no column 'question'.*'v'"):
        read_bytes(data.encode(), name)


@pytest.mark.parametrize(
    ("name", "data"),
    [("kb.json", '[{"question": "a"}, {"question": "b"}]'), ("kb.jsonl", "1\n2"), ("kb.yaml", "- question: a\n- {}")],
)
def test_the_limit_of_rows_holds(name: str, data: str) -> None:
    with pytest.raises(FileTooLarge, match="more than the 1 rows"):
        read_bytes(data.encode(), name, Limits(rows=1))

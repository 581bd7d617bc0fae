"""What every file format promises: one set of columns, one set of row rules, and nothing lost on the way."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from faqbot.formats import FORMATS, Row, read_bytes, read_entry, to_bytes
from faqbot.knowledge import Entry

FULL = Entry(
    entry_id="退款.en-1",
    standard_question="How do I get a refund, please?",
    similar_questions=("I don't want it any more", '"Money back"; now', "=SUM(A1)"),
    answer="Open **My orders**,\npress `refund`.\n\n- a, b; c\n- 12:30",
    language="en",
    category="退款, 售后",
    tags=("a;b", "VIP", "c,d"),
    enabled=False,
    valid_from="2026-05-01",
    valid_until="2026-06-30T18:00+08:00",
    segments=("VIP, gold", "=wecom"),
    prompts=("退款.en-2", "a,b"),
    attachments=("https://shop.example/a,b;c.pdf?x=1#p", "http://shop.example/=2"),
    answer_threshold=0.0,
)

# Texts as people paste them, and characters that one format or another is known to trip over.
# fmt: off
_WORDS = [
    "退款", "010", "12:30", "no", "null", "~", "1.0", "1e5", "2024-01-02", "TRUE", "=1+1", "+86", "-", "@x", "'",
    "''=", "＝1", "##", "#", "a,b", ";", "、", '"', "\\", "_x0041_", "&amp;", "<b>", "< b", "[x](y)", "- ", "? ", ": ",
    "\t", "\n", "\r\n", "\r", "\u2028", "\x85", "\u3000", "\ufeff", "\u200b", "😀", "e\u0301", "\x00", "\x0b", "\ufffe",
    "{", "}", "[", "]", '["a"]', "|", ">", "%", "!x", "&x", "*x", "`x`", "<<", "---", "...", "q,r\ns",
]
# fmt: on
_WORD = st.sampled_from(_WORDS)
_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.lists(_WORD, max_size=5).map("".join)
)
_VALUES = st.fixed_dictionaries(
    {
        "id": _TEXT,
        "question": _TEXT.map("{}q".format),
        "similar": st.lists(_TEXT.map("{}q".format), max_size=4),
        "answer": _TEXT,
        "language": st.sampled_from(["", "zh", "en", "zh-tw"]),
        "category": _TEXT,
        "tags": st.lists(_TEXT, max_size=4),
        "enabled": st.booleans(),
        "valid_from": st.sampled_from(["", "2026/5/1", "2026-05-01 9:00", "0001-01-01"]),
        "valid_until": st.sampled_from(["", "2026年6月30日", "9999-12-31", "9999-12-31T23:59:59"]),
        "segments": st.lists(_TEXT, max_size=4),
        "prompts": st.lists(_TEXT, max_size=4),
        "attachments": st.lists(_WORD.map("https://x.example/{}".format), max_size=4),
        "answer_threshold": st.sampled_from([None, 0, 0.0, 1.0, 0.95, "0.5", 1e-9]),
    }
)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=100, deadline=None)
@given(st.lists(_VALUES, min_size=1, max_size=4))
@example([{"question": "q", "similar": ['["a"]'], "tags": ["a,b"], "id": "_x0041_", "answer": "_x000D_"}])
@example([{"question": "'=1", "answer": "''@SUM(A1)", "category": "\tx"}])
@example([{"question": "q", "similar": ["a##b"], "tags": ["x"]}])
def test_whatever_is_imported_exports_and_imports_again_unchanged(name: str, values: list[dict[str, object]]) -> None:
    entries: dict[str, Entry] = {}
    for value in values:
        entry = read_entry(Row(1, value))
        if isinstance(entry, Entry):
            entries.setdefault(entry.entry_id, entry)
    assume(entries)
    back = read_bytes(to_bytes(name, list(entries.values())), f"faq.{name}")
    assert [entry for _, entry in back.entries] == list(entries.values())
    assert back.errors == ()
    assert back.format == name


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_holds_every_column(name: str) -> None:
    back = read_bytes(to_bytes(name, [FULL, Entry("b", "question")]), f"faq.{name}")
    assert [entry for _, entry in back.entries] == [FULL, Entry("b", "question")]
    assert back.losses == ()


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_knowledge_base_can_be_exported_and_imported(name: str) -> None:
    data = to_bytes(name, [])
    if name == "jsonl":
        assert data == b""
    else:
        assert read_bytes(data, f"faq.{name}").entries == ()


def _csv(rows: list[dict[str, object]]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(names)] + [",".join(str(row.get(name, "")) for name in names) for row in rows]
    return "\n".join(lines).encode()


def _xlsx(rows: list[dict[str, object]]) -> bytes:
    packed = io.BytesIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    with xlsxwriter.Workbook(packed) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, names)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, [row.get(name, "") for name in names])
    return packed.getvalue()


WRITERS: dict[str, Callable[[list[dict[str, object]]], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": lambda rows: json.dumps(rows).encode(),
    "jsonl": lambda rows: "\n".join(map(json.dumps, rows)).encode(),
    # JSON is YAML, but for the escapes.
    "yaml": lambda rows: json.dumps(rows, ensure_ascii=False).encode(),
}


@pytest.mark.parametrize("name", FORMATS)
def test_all_formats_keep_the_same_row_rules(name: str) -> None:
    rows: list[dict[str, object]] = [
        {"ID": "1", "Question": "fine", "Enabled": "yes"},
        {"ID": "2", "Question": "  "},
        {"ID": "1", "Question": "taken"},
        {"ID": "<4>", "Question": "？", "Enabled": "perhaps"},
        {"ID": "5", "Question": "x" * 1001},
    ]
    parsed = read_bytes(WRITERS[name](rows), f"faq.{name}")
    assert [entry for _, entry in parsed.entries] == [Entry("1", "fine")]
    assert [(error.column, error.message.split(";")[0]) for error in parsed.errors] == [
        ("question", "Column 'question' is empty"),
        ("id", f"Id '1' is used in line {parsed.entries[0][0]} already"),
        ("id", "Column 'id' holds the character '<'"),
        ("question", "Column 'question' has no letter or digit, so nothing can match it."),
        ("enabled", "Column 'enabled' is 'perhaps'"),
        ("question", "Column 'question' is 1001 characters long"),
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_two_columns_are_enough_and_give_the_same_ids_every_time(name: str) -> None:
    rows: list[dict[str, object]] = [
        {"question": "How long?", "answer": "Two days"},
        {"question": "开票", "answer": "1"},
    ]
    parsed = read_bytes(WRITERS[name](rows), f"faq.{name}")
    # sha256 of "howlong" and of "开票"
    assert [entry for _, entry in parsed.entries] == [
        Entry("q-68acf44e5d38", "How long?", answer="Two days"),
        Entry("q-fb1c448c5346", "开票", answer="1"),
    ]


def test_evaluation_lines_import_as_they_are() -> None:
    lines = (
        b'{"id": "card_payment?", "question": "card declined", "similar": ["a", "b"], "category": NaN, "lang": "en"}\n'
        b'{"id": "t.de", "question": "Wie?", "answer": "So.", "title": "T", "category": "c", "lang": "de"}\n'
    )
    parsed = read_bytes(lines, "kb.jsonl")
    assert parsed.errors == ()
    assert [entry for _, entry in parsed.entries] == [
        Entry("card_payment?", "card declined", ("a", "b"), language="en"),
        Entry("t.de", "Wie?", answer="So.", language="de", category="c"),
    ]
    assert [loss.told for loss in parsed.losses] == ["column 'title' (1): there is no such field here"]

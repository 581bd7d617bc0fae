from __future__ import annotations

from faqbot.formats import Row, RowError, read_entry
from faqbot.formats.rows.rows import derived_id, read_entries
from faqbot.knowledge import Entry


def test_every_fault_of_a_row_is_reported_with_its_place() -> None:
    errors = read_entry(Row(7, {"question": "", "enabled": "perhaps", "id": "<", "similar": ["?"], "language": "!"}))
    assert isinstance(errors, list)
    assert [(error.line, error.column) for error in errors] == [
        (7, "id"),
        (7, "question"),
        (7, "similar"),
        (7, "language"),
        (7, "enabled"),
    ]
    assert all(error.message.startswith(f"Column '{error.column}' ") for error in errors)
    assert all(error.message.endswith(".") for error in errors)


def test_an_entry_needs_no_more_than_a_question() -> None:
    assert read_entry(Row(1, {"question": "How?"})) == Entry(derived_id("How?"), "How?")


def test_a_derived_id_follows_the_question_not_its_dress() -> None:
    assert derived_id("How long?") == derived_id("ＨＯＷ  long！") != derived_id("How short?")


def test_answers_are_made_safe_on_the_way_in() -> None:
    entry = read_entry(Row(1, {"question": "q", "answer": "<p>Press <b>OK</b></p><script>x()</script>"}))
    assert isinstance(entry, Entry)
    assert entry.answer == "Press **OK**"


def test_repeats_name_the_line_that_was_first() -> None:
    rows: list[Row | RowError] = [
        Row(2, {"id": "a", "question": "one"}),
        RowError(3, "", "broken"),
        Row(5, {"id": "a", "question": "two"}),
        Row(6, {"question": "Same?"}),
        Row(9, {"question": "same"}),
        Row(12, {"question": "same", "answer": "other"}),
    ]
    found, errors = read_entries(rows)
    assert [(row.line, row.entry.standard_question) for row in found] == [(2, "one"), (6, "Same?")]
    assert [row.stated for row in found] == [{"id", "question"}, {"question"}]
    assert errors == [
        RowError(3, "", "broken"),
        RowError(5, "id", "Id 'a' is used in line 2 already; give every row its own.", "conflict"),
        RowError(9, "question", "The row says the same as line 6 and is left out.", "duplicate"),
        RowError(
            12,
            "question",
            "The question is the same as in line 6; merge the two rows or give them ids.",
            "conflict",
        ),
    ]

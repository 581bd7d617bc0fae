from __future__ import annotations

import datetime

import pytest

from faqbot.formats import Row, read_entry
from faqbot.formats.rows import serving_columns as columns
from faqbot.formats.rows.columns import BadValueError
from faqbot.knowledge import Entry


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("", ""),
        (None, ""),
        ("2026-05-01", "2026-05-01"),
        (datetime.date(2026, 5, 1), "2026-05-01"),
        (datetime.datetime(2026, 5, 1, 9, 30), "2026-05-01T09:30:00"),
        ("2026/5/1", "2026-05-01"),
        ("2026年5月1日", "2026-05-01"),
        ("2026/5/1 9:00", "2026-05-01T09:00"),
        ("2026-05-01T09:00:00+08:00", "2026-05-01T09:00:00+08:00"),
        ("2026-05-01T01:00Z", "2026-05-01T01:00Z"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(value: object, stored: str) -> None:
    assert columns.moment(value) == stored


@pytest.mark.parametrize("value", ["1/5/2026", "2026-13-01", "2026-02-30", "tomorrow", "2026-05-01 25:00"])
def test_what_is_no_date_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(BadValueError, match="write a date such as 2026-05-01"):
        columns.moment(value)


@pytest.mark.parametrize(
    ("value", "stored"), [("", None), (None, None), (0, 0.0), ("0.0", 0.0), (1, 1.0), ("0.9", 0.9)]
)
def test_a_threshold_of_zero_is_not_the_lack_of_one(value: object, stored: float | None) -> None:
    assert columns.answer_threshold(value) == stored


@pytest.mark.parametrize("value", ["90%", "1.01", "-0.1", "nan", "high"])
def test_a_threshold_outside_zero_to_one_is_refused(value: str) -> None:
    with pytest.raises(BadValueError, match="a number from 0 to 1"):
        columns.answer_threshold(value)


def test_links_are_separated_by_space_because_they_hold_commas() -> None:
    cell = "https://a.example/x,y;z http://b.example\nhttps://a.example/x,y;z"
    assert columns.attachments(cell) == ("https://a.example/x,y;z", "http://b.example")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example/x",
        "https:///nowhere",
        "ftp://a.example",
        "file:///etc/passwd",
        'https://a.example/"><script>',
        "https://a.example/<b>",
        "https://[broken",
        "https://a.example/" + "x" * 2000,
    ],
)
def test_links_that_could_run_code_or_lead_nowhere_are_refused(link: str) -> None:
    with pytest.raises(BadValueError):
        columns.attachments(link)


@pytest.mark.parametrize("read", [columns.segments, columns.prompts])
def test_lists_have_an_upper_bound(read: object) -> None:
    assert callable(read)
    with pytest.raises(BadValueError, match="at most"):
        read([f"s{n}" for n in range(51)])


def test_an_entry_that_ends_before_it_starts_is_refused() -> None:
    row = {"question": "q", "valid_from": "2026-05-02", "valid_until": "2026-05-01"}
    errors = read_entry(Row(7, row))
    assert isinstance(errors, list)
    assert [(error.line, error.column) for error in errors] == [(7, "valid_until")]
    # The same day is a whole day.
    assert isinstance(read_entry(Row(7, {**row, "valid_until": "2026-05-02"})), Entry)

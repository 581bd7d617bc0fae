from __future__ import annotations

from typing import get_args

import pytest

from faqbot.formats.rows.kinds import READERS, to_cell
from faqbot.knowledge import Kind


def test_every_kind_of_value_can_be_read() -> None:
    assert set(READERS) == set(get_args(Kind))


@pytest.mark.parametrize("values", [["a", "b"], ["a##b"], ["a\nb".replace("\n", " "), '["x"]'], ['["x"]'], []])
def test_a_cell_of_questions_reads_back(values: list[str]) -> None:
    assert READERS["questions"](to_cell("questions", tuple(values))) == tuple(values)


def test_cells_stay_readable_where_they_can() -> None:
    assert to_cell("questions", ("a", "b")) == "a\nb"
    assert to_cell("tags", ("a", "b")) == "a, b"
    assert to_cell("tags", ("a,b",)) == '["a,b"]'

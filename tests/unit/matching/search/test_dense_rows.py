from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.matching.search.dense_rows import DenseRows, unit_rows

Matrix = npt.NDArray[np.float32]


def crowded(seed: int, count: int, dimension: int, spread: float) -> Matrix:
    """Unit rows around one direction: the smaller the spread, the nearer to each other."""
    random = np.random.default_rng(seed)
    return unit_rows(random.normal(size=dimension) + spread * random.normal(size=(count, dimension)))


def brute_force(rows: Matrix, question: Matrix, limit: int) -> list[int]:
    return np.argsort(-np.einsum("nd,d->n", rows, question), kind="stable")[:limit].tolist()


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 60),
    dimension=st.sampled_from([2, 31, 64]),
    spread=st.sampled_from([0.001, 0.1, 3.0]),
    repeats=st.integers(1, 4),
    limit=st.integers(1, 70),
    compressed=st.booleans(),
)
def test_the_nearest_are_those_of_a_full_search_in_its_order_ties_included(
    seed: int, count: int, dimension: int, spread: float, repeats: int, limit: int, compressed: bool
) -> None:
    rows = np.concatenate([crowded(seed, count, dimension, spread)] * repeats)
    question = crowded(seed + 1, 1, dimension, 1.0)[0]
    found = DenseRows(rows, rows.mean(axis=0), compressed=compressed).nearest(question, limit)
    assert found.tolist() == brute_force(rows, question, limit)


def test_of_equal_rows_the_first_ones_are_the_nearest() -> None:
    rows = np.array([[0, 1], [1, 0], [0, 1], [1, 0], [1, 0]], dtype=np.float32)
    dense = DenseRows(rows, rows.mean(axis=0), compressed=True)
    assert dense.nearest(np.array([1, 0], np.float32), 2).tolist() == [1, 3]


def test_a_row_that_its_bytes_put_behind_another_is_found() -> None:
    # A row's largest component takes 127 steps. (127, 1.49): steps of 1, so 1.49 is read as 1.
    # (254, 1.4): steps of 2, so 1.4 is 0.7 steps, is rounded to one and read as 2.
    rows = np.array([[254, 1.4], [127, 1.49], [127, -90]], dtype=np.float32)
    dense = DenseRows(rows, np.zeros(2, np.float32), compressed=True)
    assert dense.nearest(np.array([0, 1], np.float32), 1).tolist() == [1]


@pytest.mark.parametrize("compressed", [False, True])
def test_cosines_are_those_seen_from_the_centre(compressed: bool) -> None:
    rows = crowded(3, 40, 24, 0.3)
    centre = rows.mean(axis=0)
    directions = unit_rows(crowded(4, 3, 24, 0.5) - centre)
    expected = directions @ unit_rows(rows - centre).T
    dense = DenseRows(rows, centre, compressed=compressed)
    cosines = dense.cosines(directions)
    # A component of a byte is off by half of 1/127 of the largest one, a product by less than 1 %.
    np.testing.assert_allclose(cosines, expected, atol=0.01 if compressed else 1e-5)
    among = np.arange(5, 40, 3)
    for question in range(3):
        cosine, row = dense.nearest_cosine(directions[question], cosines[question], among)
        assert row == among[expected[question, among].argmax()]
        assert cosine == pytest.approx(expected[question, row], abs=1e-5)


def test_a_row_at_the_centre_lies_in_no_direction() -> None:
    rows = np.array([[1, 0], [1, 0]], dtype=np.float32)
    assert DenseRows(rows, rows[0]).cosines(np.array([[0.6, 0.8]], np.float32)).tolist() == [[0, 0]]

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.encoder.encoding import Encoding, Vector
from faqbot.errors import StorageError
from faqbot.storage.codec.vectors import pack, unpack


def unit_rows(seed: int, rows: int, dimension: int) -> Vector:
    values: Vector = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    return values


def test_the_bytes_are_those_of_the_documented_layout() -> None:
    encoding = Encoding(np.array([1.0, 0.0], np.float32), {9: 0.5, 2: 2.0}, np.array([[0.0, 1.0]], np.float32))
    dense, lexical, multi = pack(encoding)
    # version 1, kind, columns (2 bytes), rows (4 bytes), then 4 bytes of CRC
    assert dense[:8].hex() == "0101020001000000"
    assert dense[12:].hex() == "0000803f00000000"
    assert lexical[:8].hex() == "0102000002000000"
    assert lexical[12:].hex() == "0200000009000000" + "00000040" + "0000003f"
    assert multi[:8].hex() == "0103020001000000"
    assert multi[12:].hex() == "0000003c"


@pytest.mark.parametrize(("dimension", "sizes"), [(1024, (4108, 108, 24588)), (384, (1548, 108, 9228))])
def test_a_question_of_twelve_tokens_takes_the_documented_size(dimension: int, sizes: tuple[int, int, int]) -> None:
    rows = unit_rows(1, 13, dimension)
    blocks = pack(Encoding(rows[0], dict.fromkeys(range(12), 0.1), rows[1:]))
    assert tuple(map(len, blocks)) == sizes


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 64),
    st.integers(0, 20),
    st.dictionaries(st.integers(0, 2**32 - 1), st.floats(0, 100, width=32, exclude_min=True), max_size=20),
)
def test_a_round_trip_keeps_dense_and_weights_and_rounds_the_rest(
    seed: int, dimension: int, tokens: int, weights: dict[int, float]
) -> None:
    rows = unit_rows(seed, tokens + 1, dimension)
    back = unpack(*pack(Encoding(rows[0], weights, rows[1:])))
    assert back.dense.dtype == back.multi_vector.dtype == np.float32
    assert back.multi_vector.shape == (tokens, dimension)
    np.testing.assert_array_equal(back.dense, rows[0])
    assert back.lexical_weights == weights
    error = np.abs(back.multi_vector - rows[1:])
    assert np.all(error <= np.maximum(2.0**-11 * np.abs(rows[1:]), 2.0**-25))


@pytest.mark.parametrize("dimension", [384, 1024, 4096])
def test_rounding_moves_a_score_by_less_than_the_documented_bound(dimension: int) -> None:
    rows = unit_rows(3, 60, dimension)
    back = unpack(*pack(Encoding(rows[0], {}, rows[1:]))).multi_vector
    # The worst unit vector for each row is the one along its own rounding error.
    worst = np.linalg.norm(back.astype(np.float64) - rows[1:], axis=1)
    assert worst.max() < 5.1e-4


def test_a_text_without_lexical_weights_is_fine() -> None:
    back = unpack(*pack(Encoding(unit_rows(1, 1, 4)[0], {}, unit_rows(2, 1, 4))))
    assert back.lexical_weights == {}


@given(part=st.integers(0, 2), place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(part: int, place: int, bit: int) -> None:
    rows = unit_rows(5, 4, 6)
    blocks = list(pack(Encoding(rows[0], {1: 0.5, 7: 1.5}, rows[1:])))
    damaged = bytearray(blocks[part])
    damaged[place % len(damaged)] ^= 1 << bit
    blocks[part] = bytes(damaged)
    with pytest.raises(StorageError, match="cannot be read"):
        unpack(*blocks)


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("length", [0, 5, 12, -1])
def test_cut_off_bytes_are_noticed(part: int, length: int) -> None:
    rows = unit_rows(5, 4, 6)
    blocks = list(pack(Encoding(rows[0], {1: 0.5}, rows[1:])))
    blocks[part] = blocks[part][:length]
    with pytest.raises(StorageError, match="cannot be read"):
        unpack(*blocks)


def test_blocks_in_the_wrong_place_are_noticed() -> None:
    rows = unit_rows(5, 4, 6)
    dense, lexical, multi = pack(Encoding(rows[0], {1: 0.5}, rows[1:]))
    with pytest.raises(StorageError, match="of kind 3 where 1 belongs"):
        unpack(multi, lexical, dense)


def test_a_newer_format_is_named() -> None:
    rows = unit_rows(5, 4, 6)
    dense, lexical, multi = pack(Encoding(rows[0], {1: 0.5}, rows[1:]))
    with pytest.raises(StorageError, match="format is 2"):
        unpack(b"\x02" + dense[1:], lexical, multi)

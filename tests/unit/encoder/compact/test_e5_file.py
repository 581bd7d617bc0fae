from __future__ import annotations

import struct

import numpy as np
import pytest

from faqbot.encoder.compact.e5_file import dequantise


def test_a_block_holds_its_first_half_in_the_low_nibbles() -> None:
    # Scale 0.5; byte j: low nibble j (weights 0-15), high nibble 15 - j (weights 16-31).
    block = struct.pack("<e", 0.5) + bytes(j | (15 - j) << 4 for j in range(16))
    low = [(j - 8) * 0.5 for j in range(16)]
    np.testing.assert_array_equal(dequantise(block, 1, 32), [*low, *reversed(low)])


def test_each_block_has_its_own_scale() -> None:
    blocks = struct.pack("<e", 1.0) + b"\x99" * 16 + struct.pack("<e", -2.0) + b"\x99" * 16
    np.testing.assert_array_equal(dequantise(blocks, 1, 64), [1.0] * 32 + [-2.0] * 32)


def test_float32_tensors_are_taken_as_they_are() -> None:
    weights = dequantise(struct.pack("<3f", 1.5, -2.0, 1e-12), 0, 3)
    assert weights.dtype == np.float32
    np.testing.assert_array_equal(weights, np.array([1.5, -2.0, 1e-12], dtype=np.float32))


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="kind 7"):
        dequantise(b"", 7, 0)

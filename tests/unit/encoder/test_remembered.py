"""A text that was just asked is not encoded again."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from faqbot.encoder import Caller, Encoder, Encoding
from faqbot.encoder.remembered import RememberedEncodings, encoding_bytes
from faqbot.errors import ClientGone


class _Counting:
    """Encodes nothing, and takes note of what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Caller | None]] = []

    def encode(self, texts: list[str], caller: Caller | None = None) -> list[Encoding]:
        self.asked += [(text, caller) for text in texts]
        if caller and caller.has_gone():
            raise ClientGone("gone")
        return [Encoding(np.ones(1, np.float32), {}, np.ones((1, 1), np.float32)) for _ in texts]


def test_the_last_texts_are_remembered_whoever_asks_and_the_oldest_is_forgotten() -> None:
    encoder = _Counting()
    # Room for two texts of one letter with a vector of one number, not for three.
    remembered = RememberedEncodings(cast(Encoder, encoder), 1000)
    caller = Caller(lambda: False)
    a = remembered.encode("a", caller)
    assert remembered.encode("a") is a
    for text in ("b", "a", "c"):
        remembered.encode(text)
    # "b" was asked longest ago, so "c" took its place.
    assert remembered.encode("a") is a
    remembered.encode("b")
    assert encoder.asked == [("a", caller), ("b", None), ("c", None), ("b", None)]


def test_a_caller_who_has_gone_leaves_nothing_behind() -> None:
    remembered = RememberedEncodings(cast(Encoder, _Counting()), 1000)
    with pytest.raises(ClientGone):
        remembered.encode("a", Caller(lambda: True))
    assert remembered.encode("a").dense == [1]


def test_an_encoding_is_weighed_by_its_numbers() -> None:
    encoding = Encoding(np.ones(4, np.float32), {7: 1.0, 9: 2.0}, np.ones((10, 4), np.float32))
    # 4 x 4 bytes, 10 x 4 x 4 bytes, and 150 for each of two weights.
    assert encoding_bytes(encoding) == 16 + 160 + 300

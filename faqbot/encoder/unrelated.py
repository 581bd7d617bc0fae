"""Texts that have nothing in common: what a model makes of them tells where similarity begins."""

from __future__ import annotations

import threading

from faqbot.encoder.encoding import Encoder, Encoding

UNRELATED_TEXTS: tuple[str, ...] = (
    "今天的会议改到下午三点",
    "猫在窗台上睡着了",
    "怎么修改收货地址",
    "这道菜要先用小火炖两个小时",
    "The train to the coast leaves at noon.",
    "How do I reset my password?",
    "Photosynthesis turns light into chemical energy.",
    "My grandmother plays the violin",
)
"""They share neither topic nor words, in the two languages of most installations."""

_encoded: dict[tuple[str, str], tuple[Encoding, ...]] = {}
_encoding = threading.Lock()


def encode_unrelated(encoder: Encoder) -> tuple[Encoding, ...]:
    """One encoding per text of `UNRELATED_TEXTS`; made once per process and model.

    Raises:
        EncodingFailed: The forward pass failed; the next call tries again.
    """
    # Precision leaves the fingerprint as it is, and moves the vectors a little.
    model = (encoder.info.fingerprint, encoder.info.precision)
    with _encoding:
        if model not in _encoded:
            _encoded[model] = tuple(encoder.encode(UNRELATED_TEXTS))
        return _encoded[model]

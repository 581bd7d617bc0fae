from __future__ import annotations

import pytest

from faqbot.matching.model.evidence import alike


def test_letters_that_differ_are_counted() -> None:
    # One of ten letters differs: (0.9 - 0.7) / 0.3.
    assert alike("abcdefghij", "abcdefghix") == pytest.approx(2 / 3)
    assert alike("abcdefghij", "abcdefghij") == 1.0


def test_texts_that_only_share_some_letters_count_as_different() -> None:
    # Three of ten differ: 0.7, where nothing begins.
    assert alike("abcdefghij", "abcdefgxyz") == 0.0
    assert alike("abc", "") == 0.0

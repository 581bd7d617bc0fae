"""What is remembered stays within its bytes, whatever is asked."""

from __future__ import annotations

import pytest

from faqbot.remembering import Remembered, remembering, text_bytes

# What a value costs beside its own bytes.
PLACE = 300


def test_what_was_used_longest_ago_makes_room() -> None:
    remembered: Remembered[str, str] = Remembered(2 * (PLACE + 100))
    remembered.keep("a", "A", 100)
    remembered.keep("b", "B", 100)
    assert remembered.find("a") == ("A",)
    remembered.keep("c", "C", 100)
    assert [remembered.find(key) for key in "abc"] == [("A",), None, ("C",)]
    assert remembered.bytes == 2 * (PLACE + 100)


def test_a_large_value_takes_the_room_of_many_and_one_that_is_too_large_takes_none() -> None:
    remembered: Remembered[int, str] = Remembered(10 * (PLACE + 100))
    for key in range(10):
        remembered.keep(key, "small", 100)
    remembered.keep(10, "large", 5 * (PLACE + 100) - PLACE)
    assert len(remembered) == 6
    remembered.keep(11, "too large", 10 * (PLACE + 100))
    assert remembered.find(11) is None
    assert len(remembered) == 6


def test_a_value_that_is_kept_again_is_weighed_once() -> None:
    remembered: Remembered[str, str] = Remembered(10_000)
    remembered.keep("a", "A", 100)
    remembered.keep("a", "B", 200)
    assert remembered.find("a") == ("B",)
    assert remembered.bytes == PLACE + 200


def test_nothing_that_is_asked_makes_it_grow() -> None:
    @remembering(1_000_000, lambda value, text: text_bytes(value) + text_bytes(text))
    def echo(text: str) -> str:
        return text * 2

    kept = echo.__closure__
    assert kept is not None
    [remembered] = [cell.cell_contents for cell in kept if isinstance(cell.cell_contents, Remembered)]
    for number in range(2000):
        echo(f"{number:01000}")
        assert remembered.bytes <= 1_000_000
    # 1,000 and 2,000 characters of up to 4 bytes, 80 for each text, 300 for the place: 12,460 bytes.
    assert len(remembered) == 1_000_000 // 12_460


def test_a_function_is_asked_once_and_its_errors_are_not_remembered() -> None:
    asked: list[tuple[int, bool]] = []

    @remembering(10_000, lambda *_, **__: 10)
    def half(number: int, *, whole: bool = False) -> int | None:
        asked.append((number, whole))
        if number < 0:
            raise ValueError("negative")
        return None if number % 2 and whole else number // 2

    assert [half(3), half(3), half(3, whole=True), half(3, whole=True)] == [1, 1, None, None]
    for _ in range(2):
        with pytest.raises(ValueError, match="negative"):
            half(-1)
    assert asked == [(3, False), (3, True), (-1, False), (-1, False)]

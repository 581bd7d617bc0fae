from __future__ import annotations

from faqbot.channels.question_answering import qna_numbers
from faqbot.channels.question_answering.qna_numbers import number_entries


def test_an_entry_keeps_its_number_whatever_stands_beside_it() -> None:
    few = number_entries(("refund", "invoice"))
    many = number_entries(("a", "refund", "b", "invoice", *(f"entry-{n}" for n in range(500))))
    assert {name: many[name] for name in few} == dict(few)
    # Fixed for good: a client may have stored it. The first eight bytes of SHA-256("refund"), modulo 2**30, plus 2**30.
    assert few["refund"] == 1_351_557_098


def test_an_id_that_is_a_number_stays_that_number() -> None:
    numbers = number_entries(("27", "0", "007", "-3", "٣", "1073741824"))
    assert (numbers["27"], numbers["0"]) == (27, 0)
    assert all(numbers[other] >= 2**30 for other in ("007", "-3", "٣", "1073741824"))


def test_every_number_fits_32_bits_and_none_comes_twice() -> None:
    ids = tuple(f"entry-{n}" for n in range(20_000))
    numbers = number_entries(ids)
    assert len(set(numbers.values())) == len(ids)
    assert max(numbers.values()) < 2**31


def test_where_checksums_agree_the_later_id_takes_the_next_number() -> None:
    # With eight numbers to give, seven ids have to collide.
    qna_numbers.number_entries.cache_clear()
    count = qna_numbers._COUNT
    try:
        qna_numbers._COUNT = 8
        numbers = number_entries(tuple("abcdefg"))
    finally:
        qna_numbers._COUNT = count
        qna_numbers.number_entries.cache_clear()
    assert len(set(numbers.values())) == 7
    assert all(2**30 <= number < 2**30 + 8 for number in numbers.values())

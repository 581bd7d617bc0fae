from __future__ import annotations

import pytest

from faqbot.connections.spool import IN_MEMORY, Space, Spool


def test_what_is_small_stays_in_memory_and_takes_no_space() -> None:
    spool = Spool(Space(0))
    spool.append(bytes(IN_MEMORY))
    assert spool.size == IN_MEMORY
    with pytest.raises(OSError, match="No space"):
        spool.append(b"a")
    spool.close()


def test_space_is_given_back_once() -> None:
    space = Space(100_000)
    spool = Spool(space)
    for _ in range(10):
        spool.append(bytes(9_000))
    other = Spool(space)
    # 90,000 bytes are taken: of 20,000 more only half fits.
    with pytest.raises(OSError, match="No space"):
        other.append(bytes(20_000))
    spool.close()
    spool.close()
    other.append(bytes(99_000))
    third = Spool(space)
    with pytest.raises(OSError, match="No space"):
        third.append(bytes(20_000))
    third.close()
    other.close()


def test_it_is_read_from_the_front_while_it_is_written_to_at_the_end() -> None:
    spool = Spool(Space(0))
    spool.append(b"abc")
    assert spool.next_part(2) == b"ab"
    spool.skip(2)
    spool.append(b"de")
    assert spool.next_part(10) == b"cde"
    spool.close()

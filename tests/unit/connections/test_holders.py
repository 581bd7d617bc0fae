from __future__ import annotations

from faqbot.connections.holders import Holders


def test_an_address_may_hold_so_many_and_others_as_many() -> None:
    holders = Holders(2)
    assert [holders.enter("a"), holders.enter("a"), holders.enter("a"), holders.enter("b")] == [True, True, False, True]
    holders.leave("a")
    assert holders.enter("a")


def test_without_a_bound_and_for_nobody_nothing_is_refused() -> None:
    holders = Holders(0)
    assert all(holders.enter("a") for _ in range(1000))
    holders.leave("")
    assert holders.enter("a")

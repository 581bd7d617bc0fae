"""Strangers with ever new addresses make the counters begin anew instead of growing for ever."""

from __future__ import annotations

import pytest

from faqbot.errors import TooManyRequests
from faqbot.settings import LimitsSettings
from faqbot.web.middleware import limits
from faqbot.web.middleware.limits import Limits


def test_counters_are_bounded_and_a_customer_still_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST_COUNTERS", 100)
    counters = Limits(LimitsSettings(per_address="2/hour", storage="memory://"))
    for number in range(1000):
        counters.count("address", f"192.0.2.{number}")
        assert len(counters._storage.storage) <= 101
    for _ in range(2):
        counters.count("address", "198.51.100.1")
    with pytest.raises(TooManyRequests):
        counters.count("address", "198.51.100.1")

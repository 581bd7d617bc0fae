from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faqbot.matching.decision.dempster import dempster_rule

_OPINION = st.dictionaries(st.sampled_from("abcd"), st.floats(0, 0.24), max_size=4)


def test_what_only_one_says_is_the_law_of_total_probability() -> None:
    # 0.5 + 0.5 x 0.6 for the same topic; nothing contradicts
    assert dempster_rule({"a": 0.5}, {"a": 0.6}) == {"a": pytest.approx(0.8)}
    # 0.7 of the first is unsaid: 0.7 x 0.6
    assert dempster_rule({}, {"a": 0.6}) == {"a": pytest.approx(0.6)}
    assert dempster_rule({"a": 0.3}, {}) == {"a": pytest.approx(0.3)}


def test_contradictions_are_ruled_out_and_the_rest_rescaled() -> None:
    # a and unsaid: 0.5 x 0.4 = 0.2; unsaid and b: 0.5 x 0.6 = 0.3; both unsaid: 0.2; a against b, 0.3, is impossible
    assert dempster_rule({"a": 0.5}, {"b": 0.6}) == {"a": pytest.approx(2 / 7), "b": pytest.approx(3 / 7)}


def test_two_certainties_that_contradict_leave_nothing() -> None:
    assert dempster_rule({"a": 1.0}, {"b": 1.0}) == {"a": 0.0, "b": 0.0}


@given(_OPINION, _OPINION)
def test_the_order_does_not_matter_and_all_together_is_at_most_certain(
    first: dict[str, float], second: dict[str, float]
) -> None:
    found = dempster_rule(first, second)
    assert found == pytest.approx(dempster_rule(second, first))
    assert 0 <= sum(found.values()) <= 1 + 1e-9
    assert all(found[topic] >= 0 for topic in found)

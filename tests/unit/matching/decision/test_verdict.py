from __future__ import annotations

import pytest

from faqbot.knowledge import Wording
from faqbot.matching.decision.verdict import Bounds, decide
from faqbot.matching.search.match import FoundPassage, Match
from faqbot.matching.search.scoring import RawScores, Scores
from faqbot.passages import Passage

BOUNDS = Bounds(answer=0.8, suggest=0.2, passage=0.9, own={"strict": 0.95, "lenient": 0.5})
SCORES = Scores(0.5, 0.5, 0.5)


def match(confidence: float, entry: str = "a", *, exact: bool = False, passage: bool = False) -> Match:
    wording = Wording(entry, entry, "?")
    found = (
        FoundPassage(Passage(entry, entry, "text", 0, 4, number=1, of=1, heading=""), SCORES, 0.5, 0.5)
        if passage
        else None
    )
    return Match(wording, 0, SCORES, RawScores(0.5, 0.5, 0.5), 0.5, confidence, exact, found)


@pytest.mark.parametrize(
    ("best", "name", "reason"),
    [
        (match(0.8), "answer", "above_answer_threshold"),
        (match(0.79), "suggest", "below_answer_threshold"),
        (match(0.2), "suggest", "below_answer_threshold"),
        (match(0.19), "fallback", "below_suggest_threshold"),
        (match(0.9, passage=True), "answer", "passage_above_answer_threshold"),
        (match(0.89, passage=True), "suggest", "passage_below_answer_threshold"),
        (match(0.19, passage=True), "fallback", "below_suggest_threshold"),
        (match(0.94, "strict"), "suggest", "below_answer_threshold"),
        (match(0.95, "strict"), "answer", "above_answer_threshold"),
        (match(0.5, "lenient"), "answer", "above_answer_threshold"),
        (match(0.5, "lenient", passage=True), "answer", "passage_above_answer_threshold"),
        (match(1.0, "strict", exact=True), "answer", "exact"),
    ],
)
def test_both_bounds_count_as_reached(best: Match, name: str, reason: str) -> None:
    verdict = decide([best], BOUNDS, 5)
    assert (verdict.name, verdict.reason) == (name, reason)


def test_a_passage_bound_below_that_of_answers_lowers_nothing() -> None:
    assert Bounds(0.8, 0.2, passage=0.6).answer_to(match(0.7, passage=True)) == 0.8


def test_nothing_found_is_a_fallback() -> None:
    verdict = decide([], BOUNDS, 5)
    assert (verdict.name, verdict.reason, verdict.suggestions) == ("fallback", "no_candidates", ())


def test_suggestions_reach_their_bound_keep_their_order_and_are_no_more_than_wanted() -> None:
    matches = [match(0.85, "a"), match(0.4, "b"), match(0.2, "c"), match(0.19, "d")]
    assert [found.wording.entry_id for found in decide(matches, BOUNDS, 5).suggestions] == ["a", "b", "c"]
    assert [found.wording.entry_id for found in decide(matches, BOUNDS, 2).suggestions] == ["a", "b"]
    assert decide([match(0.1)], BOUNDS, 5).suggestions == ()

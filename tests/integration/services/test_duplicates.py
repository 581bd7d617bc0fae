"""Finding planted conflicts with the real model; `benchmarks/conflicts.py` does it among a thousand entries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.conflicts import generated, planted
from faqbot.encoder import Encoder
from faqbot.knowledge import Entry, wordings_of
from faqbot.services.checks.duplicates import CERTAIN, Duplicate, find_duplicates


def found_in(entries: list[Entry], encoder: Encoder, **options: object) -> list[Duplicate]:
    encodings = encoder.encode([wording.text for wording in wordings_of(entries)])
    return find_duplicates(entries, encodings, encoder, **options)  # type: ignore[arg-type]


def test_planted_conflicts_are_found_and_equal_answers_are_none(compact_encoder: Encoder) -> None:
    entries, kinds = planted()
    pairs = found_in(entries + generated(5), compact_encoder)
    seen = [kinds.get(pair.entry_ids, "other") for pair in pairs if pair.conflict]
    # 30 are planted; the compact model sees 23 beside 14 others.
    assert seen.count("conflict") >= 21
    assert len(seen) - seen.count("conflict") <= 16
    assert not [pair for pair in pairs if pair.conflict and kinds.get(pair.entry_ids) == "same"]
    assert [kinds.get(pair.entry_ids) for pair in pairs if not pair.conflict].count("same") >= 6
    assert [pair.conflict for pair in pairs] == sorted((pair.conflict for pair in pairs), reverse=True)


OPENING = Entry("hours", "门店几点开门？", ("什么时候开始营业",), "早上 9 点。", "zh")
TWIN = Entry("hours2", "你们门店几点开门", (), "上午 10 点。", "zh")


@pytest.fixture
def others() -> list[Entry]:
    return generated(2)


def test_only_pairs_with_an_entry_that_was_asked_for_are_listed(compact_encoder: Encoder, others: list[Entry]) -> None:
    entries = [OPENING, TWIN, *others]
    [pair] = found_in(entries, compact_encoder, threshold=CERTAIN, only={"hours2"})
    assert (pair.entry_ids, pair.conflict) == (("hours", "hours2"), True)
    assert found_in(entries, compact_encoder, threshold=CERTAIN, only={"made-1"}) == []


def test_translations_are_compared_by_the_meaning_of_their_answers(
    compact_encoder: Encoder, others: list[Entry]
) -> None:
    english = Entry("77", "At what time do the shops open?", (), "At 9 in the morning.", "en")
    [pair] = [p for p in found_in([OPENING, english, *others], compact_encoder) if "77" in p.entry_ids]
    assert not pair.conflict
    late = replace(english, answer="At 11 in the morning.")
    [pair] = [p for p in found_in([OPENING, late, *others], compact_encoder) if "77" in p.entry_ids]
    assert pair.conflict

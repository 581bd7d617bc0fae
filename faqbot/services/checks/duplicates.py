"""Entries that ask nearly the same, and those among them whose answers differ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from faqbot.encoder import Encoder
from faqbot.encoder.stacked import Encodings
from faqbot.encoder.unrelated import encode_unrelated
from faqbot.knowledge import Entry, match_key, wordings_of
from faqbot.matching.duplicates.differences import numbers_of
from faqbot.matching.duplicates.near_questions import NearPair, NearQuestions
from faqbot.matching.model.character_view import fold
from faqbot.matching.model.fitted import topics_of
from faqbot.matching.model.prior import load_prior
from faqbot.matching.search.scoring import measure_scale
from faqbot.matching.search.texts import Texts
from faqbot.services.checks.audiences import audiences_overlap
from faqbot.services.values.messages import language_of

LISTED = 0.5
"""Score from which a pair is listed, where nothing else is asked for."""
CERTAIN = 0.97
"""Score from which a pair asks the same beyond reasonable doubt."""

_EQUAL_LETTERS = 92
# Between languages letters say nothing. Of the starter knowledge base's answers translations lie at 0.35 or above and
# 9 of 10 others below 0.28; a translation taken for a conflict would stop a publication, so the bar is low.
_EQUAL_MEANING = 0.25


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two entries that ask nearly the same.

    Attributes:
        entry_ids: The two.
        wordings: What they ask, one wording each.
        answers: Their answers.
        score: Strength of the belief that they ask the same, 0..1.
        conflict: Whether their answers differ.
    """

    entry_ids: tuple[str, str]
    wordings: tuple[str, str]
    answers: tuple[str, str]
    score: float
    conflict: bool


@dataclass(frozen=True, slots=True)
class DuplicateList:
    """Pairs of entries, those with different answers first."""

    pairs: tuple[Duplicate, ...]


def find_duplicates(
    entries: Sequence[Entry],
    encodings: Encodings,
    encoder: Encoder,
    *,
    threshold: float = LISTED,
    only: Collection[str] | None = None,
) -> list[Duplicate]:
    """Compare every entry with every other, translations of one another aside.

    Of two wordings at least one has to be a standard question, unless they are equal: similar questions are often
    halves of a sentence that mean something in their entry only.

    Args:
        entries: At least one.
        encodings: One per wording of `wordings_of(entries)`.
        encoder: Which made them; encodes the answers of what is found.
        threshold: Score from which a pair is listed, 0..1.
        only: Ids among which one of the two has to be; None: all.

    Returns:
        One per pair of entries, conflicts first, then by score.
    """
    wordings = wordings_of(entries)
    by_id = {entry.entry_id: entry for entry in entries}
    known = Texts.of([wording.text for wording in wordings], encodings)
    near = NearQuestions(
        known, topics_of(wordings)[1], encode_unrelated(encoder), load_prior(encoder.info.fingerprint).metric
    )
    mask = None if only is None else np.array([wording.entry_id in only for wording in wordings])
    best: dict[tuple[str, str], NearPair] = {}
    for pair in near.pairs(threshold, mask):
        a, b = (by_id[wordings[row].entry_id] for row in (pair.a, pair.b))
        leads = any(wordings[row].text == by_id[wordings[row].entry_id].standard_question for row in (pair.a, pair.b))
        if (leads or pair.score == 1.0) and audiences_overlap(a, b):
            best.setdefault((a.entry_id, b.entry_id), pair)
    conflicts = _conflicts([(by_id[a], by_id[b]) for a, b in best], encoder)
    found = [
        Duplicate(
            entry_ids=ids,
            wordings=(wordings[pair.a].text, wordings[pair.b].text),
            answers=(by_id[ids[0]].answer, by_id[ids[1]].answer),
            score=pair.score,
            conflict=conflict,
        )
        for (ids, pair), conflict in zip(best.items(), conflicts, strict=True)
    ]
    return sorted(found, key=lambda one: (not one.conflict, -one.score, one.entry_ids))


def _conflicts(pairs: Sequence[tuple[Entry, Entry]], encoder: Encoder) -> list[bool]:
    """Per pair of entries whether their answers say different things."""
    foreign = [(a.answer, b.answer) for a, b in pairs if _in_different_languages(a, b)]
    texts = sorted({text for pair in foreign for text in pair if text.strip()})
    vectors = dict(zip(texts, (encoding.dense for encoding in encoder.encode(texts)), strict=True))
    floor = measure_scale(encode_unrelated(encoder)).dense if texts else 0.0

    def translated(a: str, b: str) -> bool:
        if a not in vectors or b not in vectors or numbers_of(a) != numbers_of(b):
            return False
        return (float(vectors[a] @ vectors[b]) - floor) / (1 - floor) >= _EQUAL_MEANING

    return [
        not _same_text(a.answer, b.answer) and not (_in_different_languages(a, b) and translated(a.answer, b.answer))
        for a, b in pairs
    ]


def _in_different_languages(a: Entry, b: Entry) -> bool:
    languages = [entry.language or language_of(entry.standard_question, "en") for entry in (a, b)]
    return languages[0].split("-")[0].lower() != languages[1].split("-")[0].lower()


def _same_text(a: str, b: str) -> bool:
    return match_key(a) == match_key(b) or (
        numbers_of(a) == numbers_of(b) and fuzz.ratio(fold(a), fold(b)) >= _EQUAL_LETTERS
    )

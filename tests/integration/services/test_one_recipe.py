"""What is tried and measured is learned as what customers get, and the background of a model is encoded once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from faqbot.encoder import Encoder
from faqbot.encoder.unrelated import UNRELATED_TEXTS, encode_unrelated
from faqbot.matching.model.thresholds import Thresholds
from faqbot.services.answering.learning import PastQuestions, learn
from faqbot.services.answering.vectors import FreshVectors, StoredVectors
from faqbot.storage import LabelledQuestion, Storage
from tests.integration.container import container_of
from tests.integration.services.conftest import ENTRIES
from tests.integration.services.test_repeats import CountingEncoder

PUBLISHED = [entry for entry in ENTRIES if entry.enabled]
LABELS = [LabelledQuestion("怎么把钱退给我", frozenset({"refund"})), LabelledQuestion("下雨吗", frozenset())]


def test_vectors_of_either_source_are_learned_alike(storage: Storage, compact_encoder: Encoder) -> None:
    past = PastQuestions(labelled=LABELS)
    fresh = learn(PUBLISHED, FreshVectors(compact_encoder), past).decider.thresholds
    stored = learn(PUBLISHED, StoredVectors(storage.vectors, compact_encoder), past).decider.thresholds
    assert (fresh.share, fresh.share_source) == (stored.share, "labelled")
    # The database keeps half precision.
    assert fresh.answer == pytest.approx(stored.answer, abs=1e-3)


def test_publishing_learns_by_the_same_recipe(storage: Storage, compact_encoder: Encoder) -> None:
    storage.draft.apply(put=ENTRIES, delete=[])
    storage.labels.replace(LABELS)
    draft = container_of(storage, compact_encoder).learner.learn().decider.thresholds
    recipe = learn(PUBLISHED, StoredVectors(storage.vectors, compact_encoder), PastQuestions(labelled=LABELS))
    # What stands beside a text when it is encoded moves its vectors by rounding.
    assert draft.answer == pytest.approx(recipe.decider.thresholds.answer, abs=1e-5)
    assert (draft.share, draft.share_source) == (recipe.decider.thresholds.share, "labelled")


def test_traffic_teaches_caution_and_nothing_else(compact_encoder: Encoder) -> None:
    def thresholds(traffic: list[str]) -> Thresholds:
        return learn(PUBLISHED, FreshVectors(compact_encoder), PastQuestions(traffic=traffic)).decider.thresholds

    usual = thresholds([])
    # However well everything that is asked fits, nobody knows that it was right to answer.
    assert thresholds([text for entry in PUBLISHED for text in entry.wordings] * 20) == replace(
        usual, share_source="traffic", lessons=()
    )
    strange = thresholds([f"天气 {number}" for number in range(60)])
    assert strange.share > usual.share
    assert 0.9 * usual.coverage <= strange.coverage <= usual.coverage


def test_a_question_whose_entries_have_left_says_nothing(compact_encoder: Encoder) -> None:
    gone = LabelledQuestion("几点开门", frozenset({"closed"}))
    with_it = learn(PUBLISHED, FreshVectors(compact_encoder), PastQuestions(labelled=[*LABELS, gone]))
    without = learn(PUBLISHED, FreshVectors(compact_encoder), PastQuestions(labelled=LABELS))
    assert with_it.decider.thresholds == without.decider.thresholds


def test_texts_that_have_nothing_in_common_are_encoded_once_per_process_and_model(compact_encoder: Encoder) -> None:
    counting = CountingEncoder(compact_encoder)
    counting.info = replace(compact_encoder.info, fingerprint="never seen")
    first = encode_unrelated(counting)
    assert encode_unrelated(counting) is first
    assert counting.encoded == list(UNRELATED_TEXTS)

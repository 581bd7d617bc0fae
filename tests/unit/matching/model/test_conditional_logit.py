from __future__ import annotations

import numpy as np
import pytest

from faqbot.matching.model.conditional_logit import (
    ConditionalLogit,
    Examples,
    best_of,
    fit_conditional_logit,
    fit_sharpness,
    probabilities,
)
from faqbot.matching.model.evidence import Evidence
from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, STORED_NAMES

FIRST, ALWAYS = CANDIDATE_FEATURES.names.index("best_dense"), QUESTION_FEATURES.names.index("always")


def weights(first: float, always: float) -> ConditionalLogit:
    topic, none = np.zeros(len(CANDIDATE_FEATURES)), np.zeros(len(QUESTION_FEATURES))
    topic[FIRST], none[ALWAYS] = first, always
    return ConditionalLogit(topic, none)


def evidence(first: np.ndarray) -> Evidence:
    """Questions whose candidates differ in one kind of evidence only."""
    rows, columns = first.shape
    topics = np.zeros((rows, columns, len(CANDIDATE_FEATURES)), dtype=np.float32)
    topics[:, :, FIRST] = first
    question = np.zeros((rows, len(QUESTION_FEATURES)), dtype=np.float32)
    question[:, ALWAYS] = 1.0
    places = np.tile(np.arange(columns), (rows, 1))
    return Evidence(places, places, topics, question)


def sampled(model: ConditionalLogit, count: int, seed: int = 0) -> Examples:
    """Questions answered as often as the model says."""
    random = np.random.default_rng(seed)
    found = evidence(random.normal(size=(count, 3)).astype(np.float32))
    beliefs = probabilities(model.logits(found))
    drawn = np.array([random.choice(4, p=row) for row in beliefs])
    return Examples(found, drawn[:, None] == np.arange(3), np.ones(count))


def test_beliefs_are_the_softmax_over_topics_and_none() -> None:
    logits = weights(2.0, -1.0).logits(evidence(np.array([[1.0, 0.0]])))
    assert logits.tolist() == [[2.0, 0.0, -1.0]]
    total = np.exp(2.0) + 1.0 + np.exp(-1.0)
    place, confidence = best_of(logits)
    assert place.tolist() == [0]
    assert confidence[0] == pytest.approx(np.exp(2.0) / total)


def test_fitting_recovers_the_weights_that_made_the_examples() -> None:
    found = fit_conditional_logit([sampled(weights(1.5, 0.5), 4000)], weights(0.0, 0.0), 1e-3)
    assert found.topic[FIRST] == pytest.approx(1.5, abs=0.15)
    assert found.none[ALWAYS] == pytest.approx(0.5, abs=0.15)


def test_a_strong_prior_holds_against_a_small_sample() -> None:
    found = fit_conditional_logit([sampled(weights(1.5, 0.5), 20)], weights(0.7, 0.0), 1e6)
    assert found.topic[FIRST] == pytest.approx(0.7, abs=1e-3)


def test_evidence_that_may_only_speak_for_a_topic_never_gets_a_negative_weight() -> None:
    examples = sampled(weights(-2.0, 0.0), 500)
    found = fit_conditional_logit([examples], weights(0.5, 0.0), 1.0)
    assert found.topic[FIRST] == pytest.approx(0.0, abs=1e-6)


def test_weights_that_are_held_stay_whatever_the_examples_say() -> None:
    start = ConditionalLogit(np.full(len(CANDIDATE_FEATURES), 0.5), np.full(len(QUESTION_FEATURES), -0.5))
    held = np.array([name != "best_dense" for name in STORED_NAMES])
    # The examples ask for other weights of everything, "always" included.
    found = fit_conditional_logit([sampled(weights(2.0, 1.5), 500)], start, 1.0, held)
    away = dict(zip(STORED_NAMES, np.abs(found.stacked() - start.stacked()).tolist(), strict=True))
    assert away.pop("best_dense") > 0.5
    assert max(away.values()) == 0.0


def test_weights_are_read_by_their_names_whatever_their_order() -> None:
    model = ConditionalLogit(np.arange(len(CANDIDATE_FEATURES)) / 7, -np.arange(len(QUESTION_FEATURES)) / 3)
    order = np.random.default_rng(0).permutation(len(STORED_NAMES))
    again = ConditionalLogit.from_stacked(model.stacked()[order], [STORED_NAMES[place] for place in order])
    assert again.topic.tolist() == model.topic.tolist()
    assert again.none.tolist() == model.none.tolist()
    with pytest.raises(ValueError, match="other evidence"):
        ConditionalLogit.from_stacked(model.stacked(), ["else", *STORED_NAMES[1:]])


def test_several_right_topics_count_as_one_answer() -> None:
    found = evidence(np.array([[1.0, 1.0, -3.0]] * 50, dtype=np.float32))
    right = np.tile([True, True, False], (50, 1))
    fitted = fit_conditional_logit([Examples(found, right, np.ones(50))], weights(1.0, 0.0), 0.1)
    beliefs = probabilities(fitted.logits(found))
    assert beliefs[0, 0] == pytest.approx(beliefs[0, 1])
    assert beliefs[0, :2].sum() > 0.9


def test_sharpness_undoes_a_model_that_is_too_timid() -> None:
    true = weights(2.0, 1.0)
    factor, shift = fit_sharpness([sampled(true, 4000)], weights(1.0, 0.0), (1.0, 3.0))
    assert factor == pytest.approx(2.0, rel=0.15)
    assert shift == pytest.approx(1.0, abs=0.2)

"""The table of evidence; every value computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from faqbot.matching.model.features import CANDIDATE_FEATURES, QUESTION_FEATURES, STORED_NAMES, Observed
from faqbot.matching.model.prior import shipped_prior

# One question and two candidates, one with four wordings and one with one, of five topics with two on average.
OBSERVED = Observed(
    log_metric=np.array([[-0.5, -3.0]]),
    log_dense=np.array([[-0.25, -2.0]]),
    log_characters=np.array([[-1.0, -1.5]]),
    nearest=np.array([[3.0, 0.5]]),
    prototype=np.array([[2.0, -0.5]]),
    colbert=np.array([[1.0, 0.25]]),
    characters=np.array([[0.75, 0.0]]),
    spelling=np.array([[0.5, 0.0]]),
    sizes=np.array([[4, 1]]),
    mean_size=np.float64(2.0),
    topics=5,
    coverage=np.array([0.25]),
    tokens=np.array([7]),
    typicality=np.array([-0.125]),
    decoy_metric=np.array([1.5]),
    decoy_dense=np.array([-0.75]),
    decoy_characters=np.array([0.375]),
    decoy_nearest=np.array([0.25]),
    decoy_colbert=np.array([0.0]),
    decoy_spelling=np.array([0.875]),
)

# log(4 / 2) and log(1 / 2); `single_*` is half of what it is made of, since topics have two wordings.
CANDIDATES = {
    "matcher_metric": [-0.5, -3.0],
    "matcher_dense": [-0.25, -2.0],
    "matcher_characters": [-1.0, -1.5],
    "best_dense": [3.0, 0.5],
    "prototype": [2.0, -0.5],
    "best_characters": [0.75, 0.0],
    "best_colbert": [1.0, 0.25],
    "spelling": [0.5, 0.0],
    "wordings": [0.6931, -0.6931],
    "single_matcher": [-0.25, -1.5],
    "single_dense": [1.5, 0.25],
    "single_colbert": [0.5, 0.125],
}
# log 5, log 2 and log 7; a quarter known is less than .3, so it is foreign.
QUESTION = {
    "always": 1.0,
    "topics": 1.6094,
    "richness": 0.6931,
    "coverage": 0.25,
    "foreign": 1.0,
    "length": 1.9459,
    "typicality": -0.125,
    "decoy_metric": 1.5,
    "decoy_dense": -0.75,
    "decoy_characters": 0.375,
    "decoy_nearest": 0.25,
    "decoy_colbert": 0.0,
    "decoy_spelling": 0.875,
}


def test_the_features_of_candidates_are_those_that_were_computed_by_hand() -> None:
    found = dict(zip(CANDIDATE_FEATURES.names, CANDIDATE_FEATURES.values(OBSERVED)[0].T, strict=True))
    assert found.keys() == CANDIDATES.keys()
    for name, values in CANDIDATES.items():
        assert found[name] == pytest.approx(values, abs=1e-4), name


def test_the_features_of_questions_are_those_that_were_computed_by_hand() -> None:
    found = dict(zip(QUESTION_FEATURES.names, QUESTION_FEATURES.values(OBSERVED)[0].tolist(), strict=True))
    assert found == pytest.approx(QUESTION, abs=1e-4)


def test_no_two_kinds_of_evidence_share_a_name() -> None:
    assert len(set(STORED_NAMES)) == len(STORED_NAMES)


@pytest.mark.parametrize("name", ["compact", "generic"])
def test_in_no_prior_does_evidence_for_a_topic_count_against_it(name: str) -> None:
    # How many wordings a topic has may count either way.
    assert [feature.name for feature in CANDIDATE_FEATURES if not feature.only_for] == ["wordings"]
    for model in shipped_prior(name).weights.values():
        weights = zip(CANDIDATE_FEATURES, model.topic, strict=True)
        assert all(weight >= 0 for feature, weight in weights if feature.only_for)


@pytest.mark.parametrize("name", ["compact", "generic"])
def test_in_every_prior_what_people_said_nothing_fits_counts_and_only_for_that(name: str) -> None:
    for model in shipped_prior(name).weights.values():
        of_decoys = [w for f, w in zip(QUESTION_FEATURES, model.none, strict=True) if f.of_decoys]
        assert len(of_decoys) == 6
        assert min(of_decoys) >= 0.0
        assert sum(of_decoys) > 0.3

"""The evidence, as one table: what is measured, which way it may count, and what it means.

A new kind of evidence is a new line here (and a field of `Observed` where nothing measures it yet), a test, and a prior
trained anew (`training/train_prior.py`). Whatever holds one number per feature is in the table's order; what is stored
says the names beside the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

# Below this share of known n-grams a question is in another script or language.
_FOREIGN = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What was measured of n questions, each against k candidate topics.

    Similarities named so are in deviations from the cohort: how near wordings come to other topics.

    Attributes:
        log_metric: Log-probability among all topics by the vectors in the prior's metric, shape (n, k).
        log_dense: The same by the vectors as they are.
        log_characters: The same by character n-grams.
        nearest: Similarity to the candidate's nearest wording, shape (n, k).
        prototype: Similarity to the mean of its wordings, shape (n, k).
        colbert: ColBERT similarity to the nearest wording, shape (n, k).
        characters: Cosine of the n-grams of the nearest wording by these, 0..1, shape (n, k).
        spelling: How nearly the nearest wording is the same letter by letter, 0..1, shape (n, k).
        sizes: Wordings of each candidate, shape (n, k).
        mean_size: Wordings per topic in the whole knowledge base, numpy's float64.
        topics: How many topics the knowledge base has.
        coverage: Share of the question's n-grams that the knowledge base knows, 0..1, shape (n,).
        tokens: Tokens of the question, shape (n,).
        typicality: Mean similarity to all topics, shape (n,).
        decoy_metric: How much likelier than their share among all texts the question is one of those that nothing fits,
            as people said: log-odds by the vectors in the prior's metric, shape (n,). This and the next five are 0
            where no such question is known.
        decoy_dense: The same by the vectors as they are.
        decoy_characters: The same by character n-grams.
        decoy_nearest: How much nearer than every topic the nearest of them is, 0 where a topic is nearer, shape (n,).
        decoy_colbert: The same by ColBERT.
        decoy_spelling: How nearly the nearest of them is the same letter by letter, 0..1, shape (n,).
    """

    log_metric: Matrix
    log_dense: Matrix
    log_characters: Matrix
    nearest: Matrix
    prototype: Matrix
    colbert: Matrix
    characters: Matrix
    spelling: Matrix
    sizes: Indices
    mean_size: np.float64
    topics: int
    coverage: Matrix
    tokens: Indices
    typicality: Matrix
    decoy_metric: Matrix
    decoy_dense: Matrix
    decoy_characters: Matrix
    decoy_nearest: Matrix
    decoy_colbert: Matrix
    decoy_spelling: Matrix


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind of evidence.

    Attributes:
        name: Stable: what was learned is stored under it.
        meaning: For people.
        of: Computes it; shape (n, k) for a candidate, (n,) for a question.
        only_for: Whether it may only speak for what it is evidence of, whatever a small sample seems to say: its weight
            is never negative. Without this bound, correlated evidence of topics with a single wording took opposite
            signs, and a question very near to such a topic was turned away.
        adapts: Whether a knowledge base's own wordings say how much it counts; else the prior does.
        of_decoys: Whether it is about questions that people said nothing fits; the wordings say nothing of those.
    """

    name: str
    meaning: str
    of: Callable[[Observed], npt.NDArray[np.number] | npt.NDArray[np.bool_]]
    only_for: bool = False
    adapts: bool = False
    of_decoys: bool = False


class Table(tuple[Feature, ...]):
    """Features in the order of the columns and weights."""

    __slots__ = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(feature.name for feature in self)

    def values(self, observed: Observed) -> Matrix:
        """Every feature, in a last axis."""
        return np.stack([feature.of(observed) for feature in self], axis=-1).astype(np.float32)

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """1 in the place of a feature, 0 elsewhere; shape (len(self),)."""
        return np.array([feature.name == name for feature in self], dtype=np.float64)


CANDIDATE_FEATURES = Table(
    (
        Feature(
            "matcher_metric",
            "how likely the topic is by meaning, with vectors in the trained metric (log-probability)",
            lambda seen: seen.log_metric,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "matcher_dense",
            "how likely the topic is by meaning, with vectors as the model makes them (log-probability)",
            lambda seen: seen.log_dense,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "matcher_characters",
            "how likely the topic is by the characters of the question (log-probability)",
            lambda seen: seen.log_characters,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "best_dense",
            "how near the topic's nearest wording is in meaning, beside how near other topics come (deviations)",
            lambda seen: seen.nearest,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "prototype",
            "how near the topic's wordings are on average, beside how near other topics come (deviations)",
            lambda seen: seen.prototype,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "best_characters",
            "how many rare characters and pieces of words the topic's wordings share with the question (0 to 1)",
            lambda seen: seen.characters,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "best_colbert",
            "how well each word of the question is met in the nearest wording, beside other topics (deviations)",
            lambda seen: seen.colbert,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "spelling",
            "how nearly the question is the nearest wording letter by letter (0 to 1)",
            lambda seen: seen.spelling,
            only_for=True,
            adapts=True,
        ),
        Feature(
            "wordings",
            "how many wordings the topic has beside the mean of all topics (logarithm)",
            lambda seen: np.log(seen.sizes / seen.mean_size),
        ),
        # A topic with one wording leaves the classifiers little to learn from, so its distance says more.
        Feature(
            "single_matcher",
            "how likely the topic is by meaning, the more the fewer wordings topics have (log-probability)",
            lambda seen: seen.log_metric / seen.mean_size,
            only_for=True,
        ),
        Feature(
            "single_dense",
            "how near the nearest wording is in meaning, the more the fewer wordings topics have (deviations)",
            lambda seen: seen.nearest / seen.mean_size,
            only_for=True,
        ),
        Feature(
            "single_colbert",
            "how well the words are met in the nearest wording, the more the fewer wordings topics have (deviations)",
            lambda seen: seen.colbert / seen.mean_size,
            only_for=True,
        ),
    )
)
"""What speaks for a candidate topic."""

QUESTION_FEATURES = Table(
    (
        Feature("always", "what every question starts with", lambda seen: np.ones(len(seen.tokens))),
        Feature(
            "topics",
            "how many topics there are to confuse it with (logarithm)",
            lambda seen: np.full(len(seen.tokens), np.log(seen.topics)),
        ),
        Feature(
            "richness",
            "how many wordings a topic has on average (logarithm)",
            lambda seen: np.full(len(seen.tokens), np.log(seen.mean_size)),
        ),
        Feature(
            "coverage",
            "the share of the question's characters and pieces of words that the wordings know (0 to 1)",
            lambda seen: seen.coverage,
        ),
        Feature(
            "foreign",
            "whether the wordings know next to none of its characters, as in another script (0 or 1)",
            lambda seen: seen.coverage < _FOREIGN,
        ),
        Feature(
            "length",
            "how many tokens the question has (logarithm)",
            lambda seen: np.log(np.maximum(1, seen.tokens)),
        ),
        Feature(
            "typicality",
            "how near the question is to all topics on average, beside how near other topics come (deviations)",
            lambda seen: seen.typicality,
        ),
        Feature(
            "decoy_metric",
            "how likely it is one of those that people said nothing fits, by meaning in the trained metric (log-odds)",
            lambda seen: seen.decoy_metric,
            only_for=True,
            of_decoys=True,
        ),
        Feature(
            "decoy_dense",
            "how likely it is one of those that people said nothing fits, by meaning (log-odds)",
            lambda seen: seen.decoy_dense,
            only_for=True,
            of_decoys=True,
        ),
        Feature(
            "decoy_characters",
            "how likely it is one of those that people said nothing fits, by its characters (log-odds)",
            lambda seen: seen.decoy_characters,
            only_for=True,
            of_decoys=True,
        ),
        Feature(
            "decoy_nearest",
            "how much nearer in meaning than every topic the nearest of those is (deviations)",
            lambda seen: seen.decoy_nearest,
            only_for=True,
            of_decoys=True,
        ),
        Feature(
            "decoy_colbert",
            "how much better its words are met in the nearest of those than in every topic (deviations)",
            lambda seen: seen.decoy_colbert,
            only_for=True,
            of_decoys=True,
        ),
        Feature(
            "decoy_spelling",
            "how nearly it is the nearest of those letter by letter (0 to 1)",
            lambda seen: seen.decoy_spelling,
            only_for=True,
            of_decoys=True,
        ),
    )
)
"""What speaks for nothing fitting a question."""

STORED_NAMES = (*CANDIDATE_FEATURES.names, *QUESTION_FEATURES.names)
"""What stored weights are called, in the order in which they are written."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from faqbot.matching.model.linear_classifier import (
    LinearClassifier,
    fit_closed_form,
    fit_logistic,
    topic_means,
)

Matrix = npt.NDArray[np.float32]
Fit = Callable[[Matrix, npt.NDArray[np.intp], int], LinearClassifier]


def clouds(topics: int, each: int, seed: int = 0) -> tuple[Matrix, npt.NDArray[np.intp]]:
    random = np.random.default_rng(seed)
    centres = random.normal(size=(topics, 12))
    rows = np.repeat(centres, each, axis=0) + 0.7 * random.normal(size=(topics * each, 12))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), np.repeat(np.arange(topics), each)


def test_it_agrees_with_scikit_learns_multinomial_regression() -> None:
    rows, topics = clouds(6, 5)
    reference = LogisticRegression(C=20.0, max_iter=2000, tol=1e-6).fit(rows, topics)
    ours = softmax(fit_logistic(rows, topics, 6).logits(rows), axis=1)
    assert np.abs(ours - reference.predict_proba(rows)).max() < 0.02


def test_sparse_and_dense_rows_give_the_same_matcher() -> None:
    rows, topics = clouds(4, 3)
    a = fit_logistic(rows, topics, 4).logits(rows)
    b = fit_logistic(sparse.csr_matrix(rows), topics, 4).logits(sparse.csr_matrix(rows))
    assert np.abs(a - b).max() < 0.05


@pytest.mark.parametrize("fit", [fit_logistic, fit_closed_form])
def test_both_ways_find_held_out_neighbours(fit: Fit) -> None:
    rows, topics = clouds(8, 6)
    held = np.arange(len(topics)) % 6 == 0
    matcher = fit(rows[~held], topics[~held], 8)
    assert (matcher.logits(rows[held]).argmax(axis=1) == topics[held]).mean() >= 0.75


@pytest.mark.parametrize("fit", [fit_logistic, fit_closed_form])
def test_one_topic_is_certain_and_one_wording_per_topic_is_enough(fit: Fit) -> None:
    rows, topics = clouds(5, 1)
    assert np.isfinite(fit(rows[:1], topics[:1], 1).logits(rows)).all()
    assert (fit(rows, topics, 5).logits(rows).argmax(axis=1) == topics).all()


def test_topic_means_need_no_order() -> None:
    rows = np.array([[2.0], [10.0], [4.0]], dtype=np.float32)
    assert topic_means(rows, np.array([1, 0, 1]), 2).ravel().tolist() == [10.0, 3.0]

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from faqbot.matching.model.linear_classifier import Vector, minimise


def _quadratic(point: Vector) -> tuple[float, Vector]:
    # (x - 3)^2 + 10 (y + 1)^2
    offset = point - np.array([3, -1], dtype=np.float32)
    scale = np.array([1, 10], dtype=np.float32)
    return float(scale @ (offset * offset)), 2 * scale * offset


def test_the_bottom_of_a_quadratic_is_found() -> None:
    assert minimise(_quadratic, np.zeros(2, dtype=np.float32), tolerance=1e-9) == pytest.approx([3, -1], abs=1e-3)


def test_it_agrees_with_scipy_on_a_logistic_loss() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(size=(60, 5)).astype(np.float32)
    sign = np.where(rows @ np.array([1, -2, 0, 0.5, 1], dtype=np.float32) + random.normal(size=60) > 0, 1, -1)

    def loss(point: Vector) -> tuple[float, Vector]:
        margin = sign * (rows @ point)
        gradient = -(rows.T @ (sign / (1 + np.exp(margin)))) + point
        return float(np.log1p(np.exp(-margin)).sum() + point @ point / 2), gradient.astype(np.float32)

    best = optimize.minimize(lambda x: loss(x.astype(np.float32)), np.zeros(5), jac=True, method="L-BFGS-B")
    assert minimise(loss, np.zeros(5, dtype=np.float32), tolerance=1e-8) == pytest.approx(best.x, abs=5e-3)


def test_a_minimum_stays_where_it_is() -> None:
    start = np.array([3, -1], dtype=np.float32)
    assert minimise(_quadratic, start) == pytest.approx(start)

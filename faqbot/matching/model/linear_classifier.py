"""The learned matcher of one knowledge base: which topic is asked, given that one of them is.

Two ways to the same thing, a linear function of a text's vector per topic followed by a softmax:

- `fit_logistic`: multinomial logistic regression, the more accurate one; cost grows with wordings x topics.
- `fit_closed_form`: Gaussian topics with one shared, shrunk covariance (linear discriminant analysis; Friedman 1989,
  "Regularized Discriminant Analysis"): one eigendecomposition whatever the number of topics.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

Matrix = npt.NDArray[np.float32]
Topics = npt.NDArray[np.intp]
Vector = npt.NDArray[np.float32]
Loss = Callable[[Vector], tuple[float, Vector]]
"""From a point to the value there and its gradient."""

# Shrinking the local covariance by this many pseudo-wordings towards a sphere, and sharpening by this factor, were best
# or nearly so on every set tried (57 to 150 topics, 1 to 20 wordings each); both curves are flat.
_SHRINKAGE = 1600.0
_SHARPNESS = 0.15

# Of the minimiser.
_MEMORY = 8
_HALVINGS = 20
_SUFFICIENT_DECREASE = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class LinearClassifier:
    """Log-odds per topic, linear in the text's vector.

    Attributes:
        weights: Shape (dimension, topics), float32.
        bias: Shape (topics,), float32.
    """

    weights: Matrix
    bias: Matrix

    def logits(self, vectors: Matrix | sparse.csr_matrix) -> Matrix:
        """Shape (texts, topics); their softmax is P(topic | text, one of the topics is asked)."""
        return np.asarray(vectors @ self.weights, dtype=np.float32) + self.bias


def fit_logistic(
    vectors: Matrix | sparse.csr_matrix, topics: Topics, count: int, strength: float = 20.0
) -> LinearClassifier:
    """Multinomial logistic regression with a ridge penalty.

    Args:
        vectors: About unit length, shape (wordings, dimension).
        topics: The topic of each row, 0..count-1, shape (wordings,).
        count: Topics in all.
        strength: Inverse of the ridge penalty; scikit-learn's `C`.
    """
    rows, dimension = vectors.shape
    target = np.zeros((rows, count), dtype=np.float32)
    target[np.arange(rows), topics] = 1.0
    transposed = sparse.csr_matrix(vectors.T) if sparse.issparse(vectors) else vectors.T

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        both = flat.reshape(dimension + 1, count)
        logp = special.log_softmax(np.asarray(vectors @ both[:-1]) + both[-1], axis=1)
        error = np.exp(logp) - target
        gradient = np.empty_like(both)
        gradient[:-1] = strength * np.asarray(transposed @ error) + both[:-1]
        gradient[-1] = strength * error.sum(axis=0)
        value = -strength * float(logp[np.arange(rows), topics].sum()) + 0.5 * float(np.square(both[:-1]).sum())
        return value, gradient.ravel()

    both = minimise(loss, np.zeros((dimension + 1) * count, dtype=np.float32)).reshape(dimension + 1, count)
    return LinearClassifier(both[:-1], both[-1])


def fit_closed_form(vectors: Matrix, topics: Topics, count: int) -> LinearClassifier:
    """Linear discriminant analysis with the covariance shrunk towards a sphere; arguments as in `fit_logistic`."""
    dimension = vectors.shape[1]
    sizes = np.bincount(topics, minlength=count).astype(np.float32)
    means = topic_means(vectors, topics, count)
    rest = vectors - means[topics]
    freedom = max(0, len(vectors) - count)
    # Without any topic of two wordings the spread within a topic is taken as half of the spread of all.
    spread = float(np.square(rest).sum()) / freedom / dimension if freedom else 0.5 / dimension
    covariance = (rest.T @ rest + _SHRINKAGE * spread * np.eye(dimension, dtype=np.float32)) / (freedom + _SHRINKAGE)
    precision = np.linalg.inv(covariance.astype(np.float64)).astype(np.float32)
    directions = means @ precision
    between = max(0.1, float((directions * means).sum(axis=1).mean()) / dimension - float((1.0 / sizes).mean()))
    shrink = (between / (between + 1.0 / sizes))[:, None]
    bias = -0.5 * (directions * means).sum(axis=1) * shrink[:, 0] ** 2
    return LinearClassifier(_SHARPNESS * (shrink * directions).T, _SHARPNESS * bias)


def topic_means(vectors: Matrix, topics: Topics, count: int) -> Matrix:
    """The mean vector per topic, shape (topics, dimension)."""
    sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, topics, vectors)
    return sums / np.bincount(topics, minlength=count).astype(np.float32)[:, None]


def minimise(loss: Loss, start: Vector, *, steps: int = 40, tolerance: float = 1e-5) -> Vector:
    """Minimise a smooth convex function (Nocedal 1980; Nocedal and Wright 2006, algorithms 7.4 and 7.5).

    scipy's L-BFGS-B works in double precision and with bounds; the matchers need neither, and without them learning a
    knowledge base takes a third of the time.

    Args:
        loss: What to minimise.
        start: Where to begin.
        steps: Steps at most.
        tolerance: It ends when a step gains less than this share of the value.
    """
    point, (value, gradient) = start, loss(start)
    memory: list[tuple[Vector, Vector, float]] = []
    for _ in range(steps):
        direction = _direction(gradient, memory)
        slope = float(gradient @ direction)
        length = 1.0
        for _ in range(_HALVINGS):
            candidate = point + np.float32(length) * direction
            found, steeper = loss(candidate)
            if found <= value + _SUFFICIENT_DECREASE * length * slope:
                break
            length /= 2
        moved, turned, gained = candidate - point, steeper - gradient, value - found
        curvature = float(moved @ turned)
        if curvature > 0:
            memory = [*memory, (moved, turned, 1.0 / curvature)][-_MEMORY:]
        if gained < 0:
            break
        point, value, gradient = candidate, found, steeper
        if gained <= tolerance * max(abs(value), 1.0):
            break
    return point


def _direction(gradient: Vector, memory: list[tuple[Vector, Vector, float]]) -> Vector:
    """Minus the gradient times the estimate of the inverse Hessian, by the two-loop recursion."""
    direction = -gradient
    shares = []
    for moved, turned, inverse in reversed(memory):
        share = inverse * float(moved @ direction)
        shares.append(share)
        direction = direction - np.float32(share) * turned
    if memory:
        _, turned, inverse = memory[-1]
        direction *= np.float32(1.0 / (inverse * float(turned @ turned)))
    else:
        direction *= np.float32(min(1.0, 1.0 / max(float(np.abs(gradient).sum()), 1e-12)))
    for (moved, turned, inverse), share in zip(memory, reversed(shares), strict=True):
        direction += np.float32(share - inverse * float(turned @ direction)) * moved
    return direction

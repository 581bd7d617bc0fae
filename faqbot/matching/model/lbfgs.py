"""Limited-memory BFGS in single precision."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
Loss = Callable[[Vector], tuple[float, Vector]]
"""From a point to the value there and its gradient."""

_MEMORY = 8
_HALVINGS = 20
_SUFFICIENT_DECREASE = 1e-4


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

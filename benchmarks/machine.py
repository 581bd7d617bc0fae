"""What this machine's processors can do at most, measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """The best of many rounds, on all cores.

    Attributes:
        memory_gigabytes_per_second: Reading 600 MB.
        bf16_teraflops: Multiplying two square matrices of 2,048 in bf16.
    """

    memory_gigabytes_per_second: float
    bf16_teraflops: float

    def milliseconds(self, weights: int, rows: int) -> float:
        """The least time for products of some rows with bf16 matrices that do not fit into caches.

        Args:
            weights: Numbers in all matrices.
            rows: Rows that each of them is multiplied with.
        """
        reading = 2 * weights / (self.memory_gigabytes_per_second * 1e9)
        multiplying = 2 * weights * rows / (self.bf16_teraflops * 1e12)
        return 1000 * max(reading, multiplying)


@cache
def limits() -> Limits:
    """Measure, once in a process; takes two seconds."""
    import torch

    numbers = torch.ones(150_000_000)
    matrix = torch.ones(2048, 2048, dtype=torch.bfloat16)
    reading = numbers.nbytes / _least(numbers.sum)
    multiplying = 2 * 2048**3 / _least(lambda: matrix @ matrix)
    return Limits(round(reading / 1e9, 1), round(multiplying / 1e12, 3))


def _least(work: Callable[[], object]) -> float:
    """Seconds of the fastest round."""
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)

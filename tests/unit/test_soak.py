"""How the benchmark of the long run reads what it has measured."""

from __future__ import annotations

import os

from benchmarks.soak import by_quarter, resident_megabytes


def test_a_quarter_is_the_median_of_its_samples_and_the_end_belongs_to_the_last() -> None:
    samples = [(0, 100.0), (10, 300.0), (24, 200.0), (25, 210.0), (50, 220.0), (75, 230.0), (100, 250.0)]
    assert by_quarter(samples, 100) == [200.0, 210.0, 220.0, 240.0]


def test_memory_is_that_of_this_process_and_a_process_that_is_gone_holds_none() -> None:
    assert resident_megabytes(os.getpid()) > 10
    assert resident_megabytes(2**22 + 1) == 0.0

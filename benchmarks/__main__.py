"""All benchmarks one after the other, at small sizes."""

from __future__ import annotations

from benchmarks import encode, imports, precompute, search
from benchmarks.report import report

report(
    "All benchmarks, small sizes", lambda: [*encode.rows(), *search.rows(), *precompute.rows(), *imports.rows([500])]
)

"""All benchmarks one after the other, at small sizes."""

from __future__ import annotations

from benchmarks.encode import rows
from benchmarks.report import report

report("Encoding, compact model", rows)

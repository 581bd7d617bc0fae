"""All benchmarks one after the other, at small sizes."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict

from benchmarks import encode, imports, precompute, search, serve
from benchmarks.machine import limits
from benchmarks.report import Row, report


def _rows() -> list[Row]:
    found = [*encode.rows(), *search.rows(), *precompute.rows(), *imports.rows([500])]
    if shutil.which("wrk"):
        return found + serve.rows()
    print("Serving was left out: install wrk, for example with `apt-get install wrk`.", file=sys.stderr)
    return found


report("All benchmarks, small sizes", _rows, machine=lambda: asdict(limits()))

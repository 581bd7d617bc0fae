"""The form in which every benchmark reports."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; `ratio` above 1 means that we are better. Times are medians, with the minima beside them."""

    name: str
    ours: float
    rival: float
    rival_name: str
    unit: str
    ratio: float
    ours_minimum: float | None = None
    rival_minimum: float | None = None


# Threads of OpenBLAS and ONNX Runtime keep a core busy for a while after their work; the next one to be timed needs it.
_REST_SECONDS = 0.05


def compare(name: str, rival_name: str, ours: Callable[[], object], rival: Callable[[], object], rounds: int) -> Row:
    """Run both in turn and compare the medians, in milliseconds.

    Args:
        name: What is done.
        rival_name: Who the other is.
        ours: Does it our way.
        rival: Does it the other way.
        rounds: How often; one more round before them warms both up.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for work, spent in zip((ours, rival), times, strict=True):
            time.sleep(_REST_SECONDS)
            start = time.perf_counter()
            work()
            if number:
                spent.append((time.perf_counter() - start) * 1000)
    mine, other = (statistics.median(spent) for spent in times)
    lowest = (round(min(spent), 2) for spent in times)
    return Row(name, round(mine, 2), round(other, 2), rival_name, "ms", round(other / mine, 2), *lowest)


def report(
    title: str,
    rows: Callable[..., Sequence[Row]],
    sizes: Sequence[int] = (),
    machine: Callable[[], Mapping[str, object]] = dict,
) -> None:
    """Read `--json` and `--sizes` from the command line, measure, and print a table or JSON.

    Args:
        title: What is measured.
        rows: Measures; takes the sizes where there are any.
        sizes: What to measure unless told otherwise; none: there is nothing to choose.
        machine: What else is known of this machine, asked after the measurements.
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="print JSON")
    if sizes:
        parser.add_argument(
            "--sizes", type=int, nargs="+", default=list(sizes), metavar="N", help="default: small ones"
        )
    chosen = parser.parse_args()
    found = rows(chosen.sizes) if sizes else rows()
    facts: dict[str, object] = {
        "cpu": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **machine(),
    }
    if chosen.json:
        print(json.dumps({"machine": facts, "rows": [asdict(row) for row in found]}, indent=2))
        return
    print(f"{title}\n\n| what | ours | rival | ratio | rival is |\n|---|---|---|---|---|")
    for row in found:
        ours, rival = _cell(row.ours, row.ours_minimum, row.unit), _cell(row.rival, row.rival_minimum, row.unit)
        print(f"| {row.name} | {ours} | {rival} | {row.ratio} | {row.rival_name} |")
    print("\n" + ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in facts.items()))


def _cell(value: float, minimum: float | None, unit: str) -> str:
    return f"{value} {unit}" if minimum is None else f"{value} {unit} (at best {minimum})"

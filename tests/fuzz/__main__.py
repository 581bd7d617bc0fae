"""Fuzz a shop of its own for as long as somebody wants: `python -m tests.fuzz --cases 15000 --key admin`."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings
from tests.fuzz.api_cases import fuzz
from tests.fuzz.shops import fuzzed_shop, headers_of


def main() -> int:
    """Say how often each status came, and every kind of fault; 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000, help="Requests, shared among the operations.")
    parser.add_argument(
        "--key", choices=["nobody", "ask", "agent", "admin"], default="admin", help="Whose key to send."
    )
    parser.add_argument("--seed", type=int, default=0, help="Another one makes up other requests.")
    chosen = parser.parse_args()
    logging.disable()
    encoder = open_encoder(EncoderSettings(model="compact", device="cpu", precision="fp32"))
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        shop = fuzzed_shop(Path(folder), encoder)
        found = fuzz(shop.app, chosen.cases, headers_of(shop, chosen.key), chosen.seed)
        shop.close()
    statuses: Counter[int] = Counter()
    for (_, status), count in found.statuses.items():
        statuses[status] += count
    counts = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    print(
        f"{found.statuses.total()} requests with the key of {chosen.key} in {time.monotonic() - begun:.0f} s: {counts}"
    )
    for (operation, title), text in found.faults.items():
        print(f"\n{operation}: {title}\n{text}")
    print(f"{len(found.faults)} kinds of fault")
    return 1 if found.faults else 0


sys.exit(main())

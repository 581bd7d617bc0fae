"""`python -m translation`: bring the catalogues up to date, compile them, list what has no Chinese yet."""

from __future__ import annotations

import sys

from translation.catalogues import DOMAINS, po_file, update

missing = 0
for domain in DOMAINS:
    for text in update(domain):
        print(f"{po_file(domain).name} has no Chinese for: {text}")
        missing += 1
sys.exit(1 if missing else 0)

"""How a process of our own runs; a process that only imports faqbot stays as its owner set it up."""

from __future__ import annotations

import gc


def collect_garbage_rarely() -> None:
    """Look for garbage after 50,000 new objects instead of the 700 or 2,000 of Python's own setting.

    Imports and a loaded version are a million objects that stay. Looking through them so often takes a sixth of a
    start, and stops every thread for up to 0.3 s while it serves.
    """
    gc.set_threshold(50_000, 20, 100)

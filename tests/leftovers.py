"""A run of the tests leaves a user's cache as it was: one that does not fails, and names what lies there now.

Registered for every run by `conftest.py`. What is allowed is the compact model itself, where it was not built before,
and the digests of its files.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from faqbot.encoder.compact.building import compact_folder
from faqbot.settings import EncoderSettings

_BEFORE = pytest.StashKey[set[Path]]()


def _listing() -> set[Path]:
    cache = EncoderSettings().cache_dir.expanduser()
    model = compact_folder(cache)
    folders = (model, cache / "digests")
    allowed = {model.parent, model.parent / "compact.lock"}
    return {p for p in cache.rglob("*") if p not in allowed and not any(p.is_relative_to(f) for f in folders)}


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        session.config.stash[_BEFORE] = _listing()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _BEFORE not in session.config.stash:
        return
    left = sorted(_listing() - session.config.stash[_BEFORE])
    if left:
        print(f"\nThe tests left this in the user's cache: {', '.join(map(str, left))}")  # noqa: T201
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

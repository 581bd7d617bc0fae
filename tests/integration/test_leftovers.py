from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("name", "status"), [("compact-of-a-test", 1), ("compact.lock", 0)])
def test_a_run_that_leaves_a_model_in_the_users_cache_fails(tmp_path: Path, name: str, status: int) -> None:
    place = tmp_path / "home" / ".cache" / "faqbot" / "models" / name
    (tmp_path / "test_it.py").write_text(
        "from pathlib import Path\n"
        "def test_it() -> None:\n"
        f"    path = Path({str(place)!r})\n"
        "    path.parent.mkdir(parents=True)\n"
        "    path.touch()\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.leftovers", "--rootdir", tmp_path, tmp_path / "test_it.py"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert (f"The tests left this in the user's cache: {place}" in done.stdout) == bool(status)

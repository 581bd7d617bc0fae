"""What faqbot does to the process that it runs in."""

from __future__ import annotations

import subprocess
import sys


def _threshold_after(program: str) -> str:
    script = (
        f"import gc\nbefore = gc.get_threshold()\n{program}\nprint(before == gc.get_threshold(), gc.get_threshold()[0])"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_faqbot_leaves_the_garbage_collector_as_it_was() -> None:
    assert _threshold_after("import faqbot, faqbot.bootstrap, faqbot.cli, faqbot.serving").startswith("True")


def test_the_program_collects_garbage_rarely() -> None:
    program = "import sys; sys.argv = ['faqbot', '--version']\nfrom faqbot.__main__ import main\n"
    program += "try: main()\nexcept SystemExit: pass"
    assert _threshold_after(program).splitlines()[-1] == "False 50000"

from __future__ import annotations

import subprocess
import sys


def test_a_process_that_ends_finishes_first_what_it_accepted() -> None:
    program = """
import time
from faqbot.delivery.outbox import Outbox
outbox = Outbox(workers=1)
for n in range(3):
    outbox.accept("job", lambda n=n: (time.sleep(0.1), print(n, flush=True)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["0", "1", "2"]

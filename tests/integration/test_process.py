"""What faqbot does to the process that it runs in."""

from __future__ import annotations

import os
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


HEAPS = """
import ctypes, os, re, sys, threading
from faqbot.process import keep_few_heaps
if sys.argv[1] == "few":
    keep_few_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
ready = threading.Barrier(17)
def work():
    libc.malloc(1000)
    ready.wait()
    ready.wait()
threads = [threading.Thread(target=work) for _ in range(16)]
for thread in threads:
    thread.start()
ready.wait()
libc.fopen.restype = libc.fdopen.restype = ctypes.c_void_p
reader, writer = os.pipe()
out = ctypes.c_void_p(libc.fdopen(writer, b"w"))
libc.malloc_info(0, out)
libc.fclose(out)
print(len(re.findall(b"<heap ", os.read(reader, 1_000_000))))
ready.wait()
"""


def test_threads_share_two_heaps() -> None:
    few, many = (
        int(subprocess.run([sys.executable, "-c", HEAPS, how], capture_output=True, check=True, text=True).stdout)
        for how in ("few", "many")
    )
    assert few <= 2 < many


PRODUCTS = """
import os, sys
from pathlib import Path
from faqbot.process import keep_few_programs
if sys.argv[1] == "few":
    keep_few_programs()
import torch
from faqbot.encoder.inference.linear import Linear
torch.set_num_threads(1)
linear, rows = Linear(torch.zeros(384, 384), torch.zeros(384)), torch.zeros(1000, 384)
def held():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0])
for count in range(1000, 700, -1):
    linear(rows[:count])
before = held()
for count in range(1, 501):
    linear(rows[:count])
print(held() - before)
"""


def _kilobytes_of_new_lengths(kept: str) -> int:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_CACHE_CAPACITY")}
    script = [sys.executable, "-c", PRODUCTS, kept]
    return int(subprocess.run(script, capture_output=True, check=True, text=True, env=environment).stdout)


def test_programs_for_every_length_do_not_pile_up() -> None:
    """Of matrix products with five hundred more numbers of rows; also says when oneDNN no longer heeds the setting."""
    few, many = _kilobytes_of_new_lengths("few"), _kilobytes_of_new_lengths("many")
    assert few < 0.7 * many


def test_the_program_keeps_few_programs() -> None:
    script = "import os, sys; sys.argv = ['faqbot', '--version']\nfrom faqbot.__main__ import main\n"
    script += "try: main()\nexcept SystemExit: pass\nprint(os.environ['ONEDNN_PRIMITIVE_CACHE_CAPACITY'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "256"

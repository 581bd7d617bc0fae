"""How a process of our own runs; a process that only imports faqbot stays as its owner set it up."""

from __future__ import annotations

import ctypes
import gc
import io
import logging
import os
import re
import sys
import threading
from contextlib import suppress
from time import monotonic

# Whatever ends a line, moves the cursor or starts an escape sequence of a terminal.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Of glibc's malloc.h.
_M_ARENA_MAX = -8
_ARENAS = 2
# oneDNN's, and of PyTorch's layer above it, which holds the same programs.
_PROGRAMS_KEPT = ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY")
_PROGRAMS = 256
_MINUTE = 60.0
_LINES_A_MINUTE = 20
_KINDS = 1000


def collect_garbage_rarely() -> None:
    """Look for garbage after 50,000 new objects instead of the 700 or 2,000 of Python's own setting.

    Imports and a loaded version are a million objects that stay. Looking through them so often takes a sixth of a
    start, and stops every thread for up to 0.3 s while it serves.
    """
    gc.set_threshold(50_000, 20, 100)


def keep_few_heaps() -> None:
    """Let all threads share two heaps of the C library, where glibc would give each of them one of its own.

    What a thread frees stays in its heap, for arrays that others need: dozens of heaps of 64 MB filled up with it, one
    after the other. Other C libraries have no such heaps and are left as they are.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def keep_few_programs() -> None:
    """Let oneDNN keep 256 of the programs that it makes for matrix products, where its own setting is 1,024.

    It makes one for each shape, which is four for every number of tokens that a forward pass has, and they take up to
    0.6 MB each. 256 are enough for the lengths of ordinary questions; making four anew takes 1.5 ms. Has to be called
    before PyTorch is imported; what the environment says is left as it is.
    """
    for name in _PROGRAMS_KEPT:
        os.environ.setdefault(name, str(_PROGRAMS))


def print_whatever_there_is() -> None:
    """Print what the terminal's encoding lacks as an escape, where Python would give up in the middle of a list."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def log_in_lines() -> None:
    """Log to stderr with the time, so that nobody can forge a line or drown the others in one kind of them."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Sampling())
    logging.basicConfig(handlers=[handler])


class LineFormatter(logging.Formatter):
    """One line for each message, whatever callers put into it; the lines of a trace begin with `| `."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is Python's
        """Escape what would end the line."""
        record.message = _escaped(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is Python's
        """Mark each line, because the text of an error may hold line breaks too."""
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(f"| {_escaped(line)}" for line in lines)


class Sampling(logging.Filter):
    """Lets 20 messages of one kind through in a minute; the first of the next says how many were left out.

    A kind is what the program says, before the values are filled in.
    """

    def __init__(self) -> None:
        """Start with nothing said."""
        super().__init__()
        self._lock = threading.Lock()
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a message is written."""
        kind, now = (record.name, str(record.msg)), monotonic()
        with self._lock:
            since, count = self._said.get(kind, (now, 0))
            left_out = 0
            if now - since >= _MINUTE:
                left_out, since, count = max(0, count - _LINES_A_MINUTE), now, 0
            if len(self._said) >= _KINDS:
                self._said.clear()
            self._said[kind] = since, count + 1
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out} more like it before)", None
        return count < _LINES_A_MINUTE


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)

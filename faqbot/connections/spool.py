"""Bytes that wait: few in memory, more of them in temporary files, all of these together bounded."""

from __future__ import annotations

import errno
import os
import threading
from tempfile import SpooledTemporaryFile

IN_MEMORY = 16 * 1024
"""Bytes of one body or reply that stay in memory; a question with all its fields takes less."""


class Space:
    """How many bytes may wait in temporary files. Safe to share among threads."""

    def __init__(self, size: int) -> None:
        """Start with all of it free.

        Args:
            size: In bytes.
        """
        self._free, self._lock = size, threading.Lock()

    def take(self, size: int) -> None:
        """Take some of it.

        Raises:
            OSError: There is not so much left, as where a disk is full.
        """
        with self._lock:
            if size > self._free:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._free -= size

    def give_back(self, size: int) -> None:
        """Free what was taken."""
        with self._lock:
            self._free += size


class Spool:
    """A body as it comes in, or the rest of a reply that its reader has not taken yet.

    Attributes:
        size: Bytes written so far.
        file: What was written, for reading once all of it is there.
    """

    def __init__(self, space: Space) -> None:
        """Start empty, in memory."""
        self._space, self._taken, self._read = space, 0, 0
        self.size = 0
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is closed with the spool

    def append(self, data: bytes) -> None:
        """Write at the end.

        Raises:
            OSError: There is no space left.
        """
        if self.size + len(data) > IN_MEMORY:
            taken = self.size + len(data) - self._taken
            self._space.take(taken)
            self._taken += taken
        self.file.seek(0, os.SEEK_END)
        self.file.write(data)
        self.size += len(data)

    def next_part(self, most: int) -> bytes:
        """The bytes that come next, without taking them away; empty: there are none."""
        self.file.seek(self._read)
        return self.file.read(most)

    def skip(self, count: int) -> None:
        """Take so many bytes away."""
        self._read += count

    def close(self) -> None:
        """Forget everything and give the space back."""
        self.file.close()
        self._space.give_back(self._taken)
        self._taken = 0

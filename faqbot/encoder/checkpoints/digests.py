"""SHA-256 of large files, computed once and kept: hashing gigabytes at every start costs more than loading them."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from pathlib import Path

_log = logging.getLogger(__name__)

_SMALL = 1 << 20
_RACY_SECONDS = 2.0
"""A file that was changed so shortly ago may change again without its times telling."""


class Digests:
    """The digests of files, kept in a cache folder beside what tells that a file is still the same.

    That is its path, device, inode, size, and the times of its last change and of its inode's. The last one cannot be
    set by any program: writing, copying over, renaming onto it and `touch` all move it. Safe for several processes.
    """

    def __init__(self, cache_dir: Path) -> None:
        """Keep digests in `digests` in this folder; where it cannot be written, files are read each time."""
        self._folder = cache_dir.expanduser() / "digests"

    def sha256(self, path: Path) -> str:
        """The SHA-256 of a file's bytes, 64 hex digits.

        Raises:
            OSError: It cannot be read.
        """
        path = path.resolve()
        before = _identity(path)
        if before["size"] < _SMALL:
            return _hash(path)
        record = self._folder / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
        kept = _read(record)
        if kept.get("file") == before:
            return str(kept["sha256"])
        found = _hash(path)
        is_settled = time.time_ns() - max(before["changed"], before["inode_changed"]) > _RACY_SECONDS * 1e9
        if is_settled and _identity(path) == before:
            self._keep(record, {"path": str(path), "file": before, "sha256": found})
        return found

    def _keep(self, record: Path, facts: dict[str, object]) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self._folder, delete=False) as file:
                json.dump(facts, file)
            os.replace(file.name, record)
        except OSError as error:
            _log.warning("%s is read at every start, as its digest cannot be kept: %s", facts["path"], error)


def _identity(path: Path) -> dict[str, int]:
    stat = path.stat()
    return {
        "device": stat.st_dev,
        "inode": stat.st_ino,
        "size": stat.st_size,
        "changed": stat.st_mtime_ns,
        "inode_changed": stat.st_ctime_ns,
    }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(record: Path) -> dict[str, object]:
    try:
        kept = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) and isinstance(kept.get("sha256"), str) else {}

"""The entries of a published version as one compressed block: zlib over UTF-8 JSON.

`{"format": 1, "entries": [...]}`, each entry as `stated` gives it. A published version holds enabled entries only.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from faqbot.errors import StorageError
from faqbot.knowledge import Entry, from_record
from faqbot.language import _
from faqbot.storage.codec.stated import stated

FORMAT = 1


def pack_entries(entries: Iterable[Entry]) -> bytes:
    """Write a snapshot."""
    value = {"format": FORMAT, "entries": [stated(entry) for entry in entries]}
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def unpack_entries(block: bytes) -> tuple[Entry, ...]:
    """Read a snapshot.

    Raises:
        StorageError: The block is damaged or of a newer format.
    """
    try:
        value = json.loads(zlib.decompress(block))
        if value["format"] != FORMAT:
            raise StorageError(
                _("This version was published in format {format}; update faqbot to read it.", format=value["format"])
            )
        return tuple(from_record(record) for record in value["entries"])
    except (zlib.error, ValueError, KeyError, TypeError):
        raise StorageError(_("A published version is damaged; roll back to another or publish again.")) from None

"""The entries of a published version as one compressed block: zlib over UTF-8 JSON.

`{"format": 1, "entries": [{"id", "question", "similar", "answer", "language", "category", "tags"}]}`.
A published version holds enabled entries only, so that is not stored.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from faqbot.errors import StorageError
from faqbot.knowledge import Entry

FORMAT = 1


def pack_entries(entries: Iterable[Entry]) -> bytes:
    """Write a snapshot."""
    rows = [
        {
            "id": e.entry_id,
            "question": e.standard_question,
            "similar": e.similar_questions,
            "answer": e.answer,
            "language": e.language,
            "category": e.category,
            "tags": e.tags,
        }
        for e in entries
    ]
    text = json.dumps({"format": FORMAT, "entries": rows}, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"))


def unpack_entries(block: bytes) -> tuple[Entry, ...]:
    """Read a snapshot.

    Raises:
        StorageError: The block is damaged or of a newer format.
    """
    try:
        value = json.loads(zlib.decompress(block))
        if value["format"] != FORMAT:
            raise StorageError(f"This version was published in format {value['format']}; update faqbot to read it.")
        return tuple(
            Entry(
                entry_id=row["id"],
                standard_question=row["question"],
                similar_questions=tuple(row["similar"]),
                answer=row["answer"],
                language=row["language"],
                category=row["category"],
                tags=tuple(row["tags"]),
            )
            for row in value["entries"]
        )
    except (zlib.error, ValueError, KeyError, TypeError):
        raise StorageError("A published version is damaged; roll back to another or publish again.") from None

"""The entries of a published version as one compressed block: zlib over UTF-8 JSON.

`{"format": 1, "entries": [{"id", "question", "similar", "answer", "language", "category", "tags"}]}`.
A published version holds enabled entries only, so that is not stored. `valid_from`, `valid_until`, `segments`,
`prompts`, `attachments` and `answer_threshold` are there only where an entry has them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from faqbot.errors import StorageError
from faqbot.knowledge import Entry

FORMAT = 1
_SERVING = ("valid_from", "valid_until", "segments", "prompts", "attachments", "answer_threshold")


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
            **{name: value for name in _SERVING if (value := getattr(e, name)) not in ("", (), None)},
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
                valid_from=row.get("valid_from", ""),
                valid_until=row.get("valid_until", ""),
                segments=tuple(row.get("segments", ())),
                prompts=tuple(row.get("prompts", ())),
                attachments=tuple(row.get("attachments", ())),
                answer_threshold=row.get("answer_threshold"),
            )
            for row in value["entries"]
        )
    except (zlib.error, ValueError, KeyError, TypeError):
        raise StorageError("A published version is damaged; roll back to another or publish again.") from None

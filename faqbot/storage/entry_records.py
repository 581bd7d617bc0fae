"""An entry as JSON values, under the column names of knowledge-base files.

What an entry does not have is left out, but for the fields that every entry had from the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faqbot.knowledge import Entry

_SERVING = ("valid_from", "valid_until", "segments", "prompts", "attachments", "answer_threshold")


def to_record(entry: Entry) -> dict[str, Any]:
    """Names and values."""
    record: dict[str, Any] = {
        "id": entry.entry_id,
        "question": entry.standard_question,
        "similar": list(entry.similar_questions),
        "answer": entry.answer,
        "language": entry.language,
        "category": entry.category,
        "tags": list(entry.tags),
    }
    if not entry.enabled:
        record["enabled"] = False
    for name in _SERVING:
        value = getattr(entry, name)
        if value not in ("", (), None):
            record[name] = list(value) if isinstance(value, tuple) else value
    return record


def from_record(record: Mapping[str, Any]) -> Entry:
    """The entry.

    Raises:
        KeyError: A field that every entry has is missing.
    """
    return Entry(
        entry_id=record["id"],
        standard_question=record["question"],
        similar_questions=tuple(record["similar"]),
        answer=record["answer"],
        language=record["language"],
        category=record["category"],
        tags=tuple(record["tags"]),
        enabled=record.get("enabled", True),
        valid_from=record.get("valid_from", ""),
        valid_until=record.get("valid_until", ""),
        segments=tuple(record.get("segments", ())),
        prompts=tuple(record.get("prompts", ())),
        attachments=tuple(record.get("attachments", ())),
        answer_threshold=record.get("answer_threshold"),
    )

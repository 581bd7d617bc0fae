"""Entries as rows of the draft's two tables, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from faqbot.knowledge import Entry, clean, match_key
from faqbot.storage.clock import now
from faqbot.storage.tables import EntryTable, WordingTable


def entry_row(entry: Entry) -> dict[str, object]:
    """The row of `entries`, without its revision."""
    texts = (entry.standard_question, *entry.similar_questions, entry.answer)
    return {
        "id": entry.entry_id,
        "standard_question": entry.standard_question,
        "answer": entry.answer,
        "language": entry.language,
        "category": entry.category,
        "tags": list(entry.tags),
        "enabled": entry.enabled,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
        "segments": list(entry.segments),
        "prompts": list(entry.prompts),
        "attachments": list(entry.attachments),
        "answer_threshold": entry.answer_threshold,
        "updated_at": now(),
        "search": "\n".join(folded(text) for text in texts),
    }


def wording_rows(entry: Entry) -> list[dict[str, object]]:
    """The rows of `wordings`: the standard question first, repeats kept."""
    texts = (entry.standard_question, *entry.similar_questions)
    return [
        {"entry_id": entry.entry_id, "position": position, "text": text, "key": match_key(text)}
        for position, text in enumerate(texts)
    ]


def load_entries(session: Session, conditions: Sequence[ColumnElement[bool]], limit: int | None) -> list[Entry]:
    """Read entries with their wordings in the order of the ids: two queries, however many there are."""
    chosen = select(EntryTable.id).where(*conditions).order_by(EntryTable.id).limit(limit)
    wordings = select(WordingTable.entry_id, WordingTable.text).order_by(WordingTable.entry_id, WordingTable.position)
    if conditions or limit is not None:
        wordings = wordings.where(WordingTable.entry_id.in_(chosen))
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for entry_id, text in session.execute(wordings):
        texts[entry_id].append(text)
    rows = session.execute(
        chosen.with_only_columns(
            EntryTable.id,
            EntryTable.answer,
            EntryTable.language,
            EntryTable.category,
            EntryTable.tags,
            EntryTable.enabled,
            EntryTable.valid_from,
            EntryTable.valid_until,
            EntryTable.segments,
            EntryTable.prompts,
            EntryTable.attachments,
            EntryTable.answer_threshold,
        )
    )
    return [
        Entry(
            entry_id=row.id,
            standard_question=texts[row.id][0],
            similar_questions=tuple(texts[row.id][1:]),
            answer=row.answer,
            language=row.language,
            category=row.category,
            tags=tuple(row.tags),
            enabled=row.enabled,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            segments=tuple(row.segments),
            prompts=tuple(row.prompts),
            attachments=tuple(row.attachments),
            answer_threshold=row.answer_threshold,
        )
        for row in rows
    ]


def folded(text: str) -> str:
    """Text as it is searched: cleaned, case folded."""
    return clean(text).casefold()

"""The draft, and what the checks of meaning found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from faqbot.knowledge import FIELDS, EntryField
from faqbot.storage.tables.base import ID, Base

_COLUMN_TYPES: dict[Any, Any] = {str: Text, bool: Boolean, float | None: Double, tuple[str, ...]: JSON}

ENTRY_FIELDS = tuple(field for field in FIELDS if field.name != "similar_questions")
"""What a row of `entries` holds of an entry; similar questions have rows of their own."""


def column_name(field: EntryField) -> str:
    """Where a field stands in a row of `entries`."""
    return "id" if field.name == "entry_id" else field.name


def _entry_column(field: EntryField) -> Column[Any]:
    if field.name == "entry_id":
        return Column(column_name(field), ID, primary_key=True)
    return Column(column_name(field), _COLUMN_TYPES[field.type], nullable=field.default is None)


class EntryTable(Base):
    """One entry of the draft: a column per field of `Entry`, under its name; and `id`.

    `search` holds every wording and the answer, cleaned and case-folded by us, because the two
    databases fold case differently. `revision` counts changes, for optimistic locking.
    """

    __table__ = Table(
        "entries",
        Base.metadata,
        *map(_entry_column, ENTRY_FIELDS),
        Column("revision", Integer, nullable=False),
        Column("updated_at", Text, nullable=False),
        Column("search", Text, nullable=False),
    )
    if TYPE_CHECKING:  # those that queries name
        id: Mapped[str]
        answer: Mapped[str]
        language: Mapped[str]
        category: Mapped[str]
        tags: Mapped[list[str]]
        enabled: Mapped[bool]
        valid_from: Mapped[str]
        valid_until: Mapped[str]
        segments: Mapped[list[str]]
        revision: Mapped[int]
        updated_at: Mapped[str]
        search: Mapped[str]


class WordingTable(Base):
    """One wording of a draft entry; position 0 is the standard question."""

    __tablename__ = "wordings"
    __table_args__ = (Index(None, "key"),)

    entry_id: Mapped[str] = mapped_column(ID, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)


class FindingTable(Base):
    """One problem that a check of meaning found, with the revisions that its entries had."""

    __tablename__ = "findings"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(Text)
    revisions: Mapped[dict[str, int]] = mapped_column(JSON)
    texts: Mapped[list[str]] = mapped_column(JSON)

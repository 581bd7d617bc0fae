"""Published versions, and encodings."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from faqbot.storage.tables.base import ID, Base


class VersionTable(Base):
    """One published version. Rows are added; only what was learned may change, for a newer release.

    That is `learned` with the labels that it was learned from, `[question, [entry ids]]` each.
    """

    __tablename__ = "versions"
    # Without this SQLite hands the number of a deleted last row out again.
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    created_at: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    entries: Mapped[int]
    wordings: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    learned: Mapped[bytes | None] = mapped_column(LargeBinary)
    checks: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    replaced: Mapped[int | None]
    labelled: Mapped[list[tuple[str, list[str]]] | None] = mapped_column(JSON(none_as_null=True))


class PublishedTable(Base):
    """One row: which version customers get, and how often that has changed."""

    __tablename__ = "published"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int | None] = mapped_column(ForeignKey("versions.number"))
    generation: Mapped[int]


class VectorTable(Base):
    """What one encoder made of one text; the three columns are described in `faqbot.storage.codec.vectors`."""

    __tablename__ = "vectors"

    fingerprint: Mapped[str] = mapped_column(ID, primary_key=True)
    checksum: Mapped[str] = mapped_column(ID, primary_key=True)
    dimension: Mapped[int]
    dense: Mapped[bytes] = mapped_column(LargeBinary)
    lexical_weights: Mapped[bytes] = mapped_column(LargeBinary)
    multi_vector: Mapped[bytes] = mapped_column(LargeBinary)

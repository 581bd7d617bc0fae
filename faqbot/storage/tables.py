"""The tables. The same on SQLite and PostgreSQL; `migrations/` creates them.

A change here needs a new file in `migrations/versions/`; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from faqbot.knowledge import FIELDS, EntryField
from faqbot.storage.records import FeedbackKind, Role

# Named constraints can be dropped by a later migration on every database.
_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

# PostgreSQL sorts text by the server's locale; "C" sorts by code point, as SQLite and Python do,
# so that a page of entries is the same everywhere.
_ID = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """All tables of faqbot."""

    metadata = MetaData(naming_convention=_NAMES)


_COLUMN_TYPES: dict[Any, Any] = {str: Text, bool: Boolean, float | None: Double, tuple[str, ...]: JSON}

ENTRY_FIELDS = tuple(field for field in FIELDS if field.name != "similar_questions")
"""What a row of `entries` holds of an entry; similar questions have rows of their own."""


def column_name(field: EntryField) -> str:
    """Where a field stands in a row of `entries`."""
    return "id" if field.name == "entry_id" else field.name


def _entry_column(field: EntryField) -> Column[Any]:
    if field.name == "entry_id":
        return Column(column_name(field), _ID, primary_key=True)
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

    entry_id: Mapped[str] = mapped_column(_ID, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)


class VectorTable(Base):
    """What one encoder made of one text; the three columns are described in `faqbot.storage.codec`."""

    __tablename__ = "vectors"

    fingerprint: Mapped[str] = mapped_column(_ID, primary_key=True)
    checksum: Mapped[str] = mapped_column(_ID, primary_key=True)
    dimension: Mapped[int]
    dense: Mapped[bytes] = mapped_column(LargeBinary)
    lexical_weights: Mapped[bytes] = mapped_column(LargeBinary)
    multi_vector: Mapped[bytes] = mapped_column(LargeBinary)


class VersionTable(Base):
    """One published version. Rows are added; only what was learned may change, for a newer release."""

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


class PublishedTable(Base):
    """One row: which version customers get, and how often that has changed."""

    __tablename__ = "published"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int | None] = mapped_column(ForeignKey("versions.number"))
    generation: Mapped[int]


class LabelledTable(Base):
    """One real question that somebody labelled with the entries that answer it; none where nothing does."""

    __tablename__ = "labelled_questions"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    entry_ids: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[str] = mapped_column(Text)


class AskedTable(Base):
    """One question that somebody asked, numbers and addresses masked; only the last ones are kept."""

    __tablename__ = "asked"
    # Numbers are never given twice, so a page that continues behind one never shows another question.
    __table_args__ = (Index(None, "request_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)
    entry_id: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float] = mapped_column(Double)
    version: Mapped[int]
    channel: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    session: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


class SecretTable(Base):
    """One random value that faqbot made for itself, shared by the processes on one database."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class FeedbackTable(Base):
    """What a customer thought of one reply; a later opinion on the same reply takes the place of the earlier."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("kind IN ('helpful', 'unhelpful', 'chosen', 'none')", name="kind"),
        Index(None, "request_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[FeedbackKind] = mapped_column(Text)
    entry_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


class DeliveryTable(Base):
    """One message that an outside program delivered; `reply` is unset while it is being answered."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "received_at"),)

    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    delivery_id: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[str] = mapped_column(Text)


class AuditTable(Base):
    """One change: who did what to what, when, and how it was before and after."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class QuestionTestTable(Base):
    """One question with the decision that every version has to make."""

    __tablename__ = "question_tests"
    __table_args__ = (Index(None, "key", unique=True), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    entry_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


class FindingTable(Base):
    """One problem that a check of meaning found, with the revisions that its entries had."""

    __tablename__ = "findings"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(Text)
    revisions: Mapped[dict[str, int]] = mapped_column(JSON)
    texts: Mapped[list[str]] = mapped_column(JSON)


class KeyTable(Base):
    """One API key; `key_hash` is the SHA-256 hex of the key, which is stored nowhere."""

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'agent', 'ask')", name="role"),
        Index(None, "key_hash", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    role: Mapped[Role] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)
    revoked: Mapped[bool]

"""Keys, secrets, and who changed what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Index,
    LargeBinary,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from faqbot.storage.records import Role
from faqbot.storage.tables.base import Base


class KeyTable(Base):
    """One API key; `key_hash` is the SHA-256 hex of the key, which is stored nowhere.

    `networks` are the last from which a key of staff was used, so that a new one is noticed.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'agent', 'ask')", name="role"),
        Index(None, "key_hash", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    role: Mapped[Role] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[str | None] = mapped_column(Text)
    last_used_at: Mapped[str | None] = mapped_column(Text)
    networks: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    revoked: Mapped[bool]


class SecretTable(Base):
    """One random value that faqbot made for itself, shared by the processes on one database."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


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
    digest: Mapped[str] = mapped_column(Text, server_default="")


class AuditChainTable(Base):
    """The two ends of the audit log, in one row: the last line, and the last of those that were forgotten."""

    __tablename__ = "audit_chain"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(Text)
    forgotten: Mapped[int]
    forgotten_digest: Mapped[str] = mapped_column(Text)

"""What was asked, what was thought of the replies, what was decided."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from faqbot.storage.records import AskedVerdict, FeedbackKind
from faqbot.storage.tables.base import Base


class AskedTable(Base):
    """One question that somebody asked, numbers and addresses masked; only the last ones are kept."""

    __tablename__ = "asked"
    # Numbers are never given twice, so a page that continues behind one never shows another question.
    __table_args__ = (Index(None, "request_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    verdict: Mapped[AskedVerdict] = mapped_column(Text)
    entry_id: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float] = mapped_column(Double)
    version: Mapped[int]
    channel: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    session: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)


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
    session: Mapped[str] = mapped_column(Text, server_default="")
    network: Mapped[str] = mapped_column(Text, server_default="")


class LabelledTable(Base):
    """One real question that somebody labelled with the entries that answer it; none where nothing does."""

    __tablename__ = "labelled_questions"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    entry_ids: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[str] = mapped_column(Text)


class QuestionTestTable(Base):
    """One question with the decision that every version has to make."""

    __tablename__ = "question_tests"
    __table_args__ = (Index(None, "key", unique=True), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    entry_id: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Text)

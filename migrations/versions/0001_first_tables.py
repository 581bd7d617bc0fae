"""The first tables: draft, vectors, versions, the published one, API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _create_draft()
    op.create_table(
        "vectors",
        sa.Column("fingerprint", _ID, nullable=False),
        sa.Column("checksum", _ID, nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("dense", sa.LargeBinary(), nullable=False),
        sa.Column("lexical_weights", sa.LargeBinary(), nullable=False),
        sa.Column("multi_vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", "checksum", name=op.f("pk_vectors")),
    )
    _create_versions()
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'agent', 'ask')", name=op.f("ck_api_keys_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_api_keys_key_hash"), "api_keys", ["key_hash"], unique=True)


def downgrade() -> None:
    for table in ("api_keys", "published", "versions", "vectors", "wordings", "entries"):
        op.drop_table(table)


def _create_draft() -> None:
    op.create_table(
        "entries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("standard_question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_table(
        "wordings",
        sa.Column("entry_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_wordings_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "position", name=op.f("pk_wordings")),
    )
    op.create_index(op.f("ix_wordings_key"), "wordings", ["key"])


def _create_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("wordings", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("learned", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_versions")),
        sqlite_autoincrement=True,
    )
    published = op.create_table(
        "published",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_published_one_row")),
        sa.ForeignKeyConstraint(["version"], ["versions.number"], name=op.f("fk_published_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published")),
    )
    # The only row there ever is: nothing published yet.
    op.bulk_insert(published, [{"id": 1, "version": None, "generation": 0}])

"""When, to whom and with what an entry is served.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("valid_from", "valid_until"):
        op.add_column("entries", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("segments", "prompts", "attachments"):
        op.add_column("entries", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("entries", sa.Column("answer_threshold", sa.Double(), nullable=True))


def downgrade() -> None:
    for name in ("answer_threshold", "attachments", "prompts", "segments", "valid_until", "valid_from"):
        op.drop_column("entries", name)

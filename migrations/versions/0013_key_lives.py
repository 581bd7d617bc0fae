"""Keys have names, an end, and a last use.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Alembic would copy the whole table on SQLite, which can rename by itself.
    op.execute("ALTER TABLE api_keys RENAME COLUMN label TO name")
    op.add_column("api_keys", sa.Column("expires_at", sa.Text(), nullable=True))
    op.add_column("api_keys", sa.Column("last_used_at", sa.Text(), nullable=True))
    op.add_column("api_keys", sa.Column("networks", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    for name in ("networks", "last_used_at", "expires_at"):
        op.drop_column("api_keys", name)
    op.execute("ALTER TABLE api_keys RENAME COLUMN name TO label")

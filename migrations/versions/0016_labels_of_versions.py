"""Which labelled questions a version was learned from: it needs them to answer, whatever becomes of the labels.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("labelled", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("versions", "labelled")

"""Which version customers had before, so that going back never leads to one that was taken back.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("versions", sa.Column("replaced", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("versions", "replaced")

"""The audit log as a chain of checksums.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from faqbot.storage.chain import START, digest_of

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("audit", sa.Column("digest", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("forgotten", sa.Integer(), nullable=False),
        sa.Column("forgotten_digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    first, number, digest = _chain(op.get_bind())
    chain = sa.table("audit_chain", *map(sa.column, ("id", "number", "digest", "forgotten", "forgotten_digest")))
    row = {"id": 1, "number": number, "digest": digest, "forgotten": first - 1, "forgotten_digest": START}
    op.execute(chain.insert().values(**row))


def _chain(connection: sa.Connection) -> tuple[int, int, str]:
    """Fill in every line's checksum; the numbers of the first and the last line, and the last one's checksum."""
    names = ("at", "actor", "action", "subject", "reason")
    audit = sa.table(
        "audit",
        sa.column("id", sa.Integer()),
        *(sa.column(name, sa.Text()) for name in names),
        *(sa.column(name, sa.JSON(none_as_null=True)) for name in ("before", "after")),
        sa.column("digest", sa.Text()),
    )
    values = [audit.c.id, *(audit.c[name] for name in (*names, "before", "after"))]
    change = audit.update().where(audit.c.id == sa.bindparam("line")).values(digest=sa.bindparam("checksum"))
    first, number, digest = 1, 0, START
    while rows := connection.execute(
        sa.select(*values).where(audit.c.id > number).order_by(audit.c.id).limit(_AT_ONCE)
    ).all():
        first = first if number else rows[0].id
        changes = []
        for row in rows:
            number, digest = row.id, digest_of(digest, row)
            changes.append({"line": number, "checksum": digest})
        connection.execute(change, changes)
    return first, number, digest


def downgrade() -> None:
    op.drop_table("audit_chain")
    op.drop_column("audit", "digest")

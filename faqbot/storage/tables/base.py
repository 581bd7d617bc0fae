"""What all tables have in common."""

from __future__ import annotations

from sqlalchemy import MetaData, Text
from sqlalchemy.orm import DeclarativeBase

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
ID = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """All tables of faqbot."""

    metadata = MetaData(naming_convention=_NAMES)

"""Runs the migrations: inside the program's own transaction, or alone from Alembic's command line."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from faqbot.settings import load_settings
from faqbot.storage.database.database import Database
from faqbot.storage.tables import Base


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter most things in place.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    database = Database(load_settings().storage.database_url)
    with database.changing_schema() as own:
        _run(own)
    database.close()

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import faqbot
from faqbot.knowledge import FIELDS, EntryField
from faqbot.storage.database.migrating import head_revision
from faqbot.web.bodies.entries import BulkFields, EntryBody, EntryChange
from faqbot.web.shapes.entries import EntryShape

ROOT = Path(faqbot.__file__).parent.parent
LAST_FIELD = "    @property\n    def wordings("
NEW_FIELD = '    audience: Annotated[str, Column("audience", "line", "Who reads it.", ("读者",), in_bulk=True)] = ""\n'
MIGRATION = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head_revision()}", None, None


def upgrade() -> None:
    op.add_column("entries", sa.Column("audience", sa.Text(), nullable=False, server_default=""))
"""


def test_a_new_field_is_a_line_of_the_list_and_a_migration(tmp_path: Path) -> None:
    for folder in ("faqbot", "migrations"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    entry = tmp_path / "faqbot" / "knowledge" / "entry.py"
    before, after = entry.read_text(encoding="utf-8").split(LAST_FIELD)
    entry.write_text(f"{before}{NEW_FIELD}{LAST_FIELD}{after}", encoding="utf-8")
    (tmp_path / "migrations" / "versions" / "9999_audience.py").write_text(MIGRATION, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, Path(__file__).with_name("new_field.py"), tmp_path],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "kept\n"), run.stderr


def test_requests_and_replies_name_exactly_the_columns() -> None:
    columns = {field.column.name for field in FIELDS}
    assert set(EntryBody.model_fields) == set(EntryShape.model_fields) == columns | {"revision"}
    assert set(EntryChange.model_fields) == (columns | {"revision"}) - {"id"}
    assert set(BulkFields.model_fields) == {"enabled", "category", "tags", "segments"}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_is_documented(field: EntryField) -> None:
    documented = (ROOT / "docs" / "entries.md").read_text(encoding="utf-8")
    assert f"`{field.column.name}`" in documented

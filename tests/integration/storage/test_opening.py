from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from faqbot.errors import DatabaseUnavailable, SchemaOutdated
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import Storage, open_storage
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database
from faqbot.storage.tables import Base


def test_migrations_make_exactly_the_tables_of_the_program(storage: Storage, database_url: str) -> None:
    storage.check()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


def test_every_migration_can_be_taken_back(settings: StorageSettings) -> None:
    database = Database(settings.database_url)
    for _ in range(2):
        migrating.migrate(database)
        with database.changing_schema() as connection:
            config = migrating._config()
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
            assert inspect(connection).get_table_names() == ["alembic_version"]
    database.close()


def test_entries_of_older_tables_are_kept_and_serve_everybody(settings: StorageSettings) -> None:
    database = Database(settings.database_url)
    with database.changing_schema() as connection:
        config = migrating._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            text(
                "INSERT INTO entries (id, standard_question, answer, language, category, tags, enabled, revision, "
                "updated_at, search) VALUES ('a', 'q', '', '', '', '[]', true, 3, '', 'q')"
            )
        )
        connection.execute(text("INSERT INTO wordings (entry_id, position, text, key) VALUES ('a', 0, 'q', 'q')"))
    database.close()
    with open_storage(settings) as storage:
        stored = storage.draft.get("a")
    assert (stored.entry, stored.revision) == (Entry("a", "q"), 3)


def test_opening_again_keeps_the_data(settings: StorageSettings) -> None:
    with open_storage(settings) as first:
        first.draft.create(Entry("a", "question"))
    with open_storage(settings) as second:
        assert second.draft.count() == 1


def test_without_migration_an_empty_database_is_refused(settings: StorageSettings) -> None:
    for made in (False, True):
        with pytest.raises(DatabaseUnavailable, match=r"There is no|has no tables.*faqbot serve"):
            open_storage(settings, migrate=not made, creates=made)
    if settings.database_url.startswith("sqlite"):
        assert not Path(settings.database_url.removeprefix("sqlite:///")).exists(), "looking makes nothing"


@pytest.mark.parametrize("migrate", [True, False])
def test_tables_of_a_newer_program_are_left_alone(settings: StorageSettings, migrate: bool) -> None:
    with open_storage(settings) as storage:
        change(settings.database_url, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(SchemaOutdated, match=r"newer faqbot \(revision 9999"):
            storage.check()
    with pytest.raises(SchemaOutdated, match="newer faqbot"):
        open_storage(settings, migrate=migrate)


def test_a_migration_that_fails_leaves_no_half_made_tables(settings: StorageSettings) -> None:
    change(settings.database_url, "CREATE TABLE versions (something INTEGER)")
    with pytest.raises(DatabaseUnavailable, match="versions"):
        open_storage(settings)
    change(settings.database_url, "DROP TABLE versions")
    open_storage(settings).close()


def test_processes_that_start_at_once_migrate_once(settings: StorageSettings) -> None:
    program = (
        "import sys; from faqbot.settings import StorageSettings; from faqbot.storage import open_storage\n"
        "open_storage(StorageSettings(database_url=sys.argv[1])).close()"
    )
    command = [sys.executable, "-W", "error", "-c", program, settings.database_url]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in running]
    assert errors == ["", "", ""]
    open_storage(settings, migrate=False).close()


def test_readers_do_not_wait_for_a_writer(settings: StorageSettings, storage: Storage) -> None:
    storage.draft.create(Entry("a", "before"))
    with storage._database.writing() as session:
        session.execute(text("UPDATE entries SET category = 'x'"))
        with open_storage(settings, migrate=False) as reader:
            assert reader.draft.get("a").entry.category == ""
    assert storage.draft.get("a").entry.category == "x"


def test_a_reader_sees_one_moment_only(storage: Storage) -> None:
    with storage._database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM entries")) == 0
        storage.draft.create(Entry("a", "question"))
        assert session.scalar(text("SELECT count(*) FROM entries")) == 0


def test_a_migration_may_rebuild_a_table_that_others_refer_to(storage: Storage) -> None:
    entry = Entry("a", "question", ("another",))
    storage.draft.create(entry)
    with storage._database.changing_schema() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("entries", recreate="auto") as table:
            table.alter_column("category", nullable=True)
    assert storage.draft.entries() == [entry]
    storage.draft.delete("a")
    assert storage.draft.count() == 0


def test_a_writer_waits_for_another(settings: StorageSettings, storage: Storage) -> None:
    done = threading.Event()

    def write() -> None:
        with open_storage(settings, migrate=False) as own:
            own.draft.update(Entry("a", "second"), expected_revision=None)
        done.set()

    storage.draft.create(Entry("a", "first"))
    with storage._database.writing() as session:
        session.execute(text("UPDATE entries SET category = 'x'"))
        other = threading.Thread(target=write)
        other.start()
        assert not done.wait(0.3)
    other.join(20)
    assert done.is_set()
    assert storage.draft.get("a").entry.standard_question == "second"


def test_sqlite_is_set_up_for_many_readers_and_no_orphans(tmp_path: Path) -> None:
    path = tmp_path / "made" / "for you" / "50%.db"
    settings = StorageSettings(database_url=f"sqlite:///{path}")
    open_storage(settings).close()
    with open_storage(settings, migrate=False) as storage:
        with storage._database.reading() as session:
            pragma = {n: session.scalar(text(f"PRAGMA {n}")) for n in ("journal_mode", "foreign_keys", "busy_timeout")}
        assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
        assert storage.place == f"SQLite file {path}"


def test_a_sqlite_transaction_that_reads_before_it_writes_is_not_overtaken(tmp_path: Path) -> None:
    settings = StorageSettings(database_url=f"sqlite:///{tmp_path / 'faqbot.db'}")
    done = threading.Event()

    def write() -> None:
        with open_storage(settings, migrate=False) as own:
            own.draft.create(Entry("b", "second"))
        done.set()

    with open_storage(settings) as storage:
        with storage._database.writing() as session:
            assert session.scalar(text("SELECT count(*) FROM entries")) == 0
            other = threading.Thread(target=write)
            other.start()
            assert not done.wait(0.3)
            session.execute(text("UPDATE published SET generation = 7"))
        other.join(20)
        assert storage.draft.count() == 1


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("my notes, not a database " * 100)
    with pytest.raises(DatabaseUnavailable, match=r"notes\.db cannot be used: .*check storage\.database_url"):
        open_storage(StorageSettings(database_url=f"sqlite:///{path}"))
    assert path.read_text().startswith("my notes")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=f"The SQLite file {tmp_path} cannot be used"):
        open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}"))


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable, match=r"folder .*file.* cannot be made"):
        open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path / 'file' / 'x.db'}"))


def test_a_database_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "faqbot.db"
    open_storage(StorageSettings(database_url=f"sqlite:///{path}")).close()
    change(f"sqlite:///{path}", "DROP TABLE alembic_version")
    read_only = StorageSettings(database_url=f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(DatabaseUnavailable, match=f"The SQLite file file:{path} cannot be used"):
        open_storage(read_only)


def test_a_password_that_the_driver_repeats_is_hidden() -> None:
    # The driver names the host that it could not reach; where that is the password too, it is starred out.
    with pytest.raises(DatabaseUnavailable, match=r"'faq' on 127\.0\.0\.2:1 cannot be used") as caught:
        open_storage(StorageSettings(database_url="postgresql://bot:127.0.0.2@127.0.0.2:1/faq"))
    reason = str(caught.value).partition("cannot be used: ")[2]
    assert "127.0.0.2" not in reason
    assert "***" in reason


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_that_does_not_answer_is_named_without_its_password(scheme: str) -> None:
    url = f"{scheme}://bot:hunter2@127.0.0.1:1/faq"
    with pytest.raises(DatabaseUnavailable, match=r"'faq' on 127\.0\.0\.1:1 cannot be used") as caught:
        open_storage(StorageSettings(database_url=url))
    assert "hunter2" not in str(caught.value)


def test_plain_postgresql_urls_work(postgres_url: str) -> None:
    url = postgres_url.replace("+psycopg", "")
    with open_storage(StorageSettings(database_url=url)) as storage:
        assert storage.draft.count() == 0


def test_a_postgresql_database_that_does_not_exist_is_named(postgres_url: str) -> None:
    url = postgres_url.replace("/worker_", "/absent_")
    with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL database 'absent_\w+' on .* cannot be used"):
        open_storage(StorageSettings(database_url=url))


def change(url: str, statement: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_only_the_owner_reads_the_database_and_the_folder_made_for_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/data/faqbot.db")) as storage:
            storage.keys.add("ask", "", "hash")
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    finally:
        os.umask(before)
    made = ("faqbot.db", "faqbot.db-wal", "faqbot.db-shm", "faqbot-db.installation")
    assert modes == dict.fromkeys(made, 0o600)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_database_that_anybody_could_read_is_closed_and_one_for_a_group_stays_so(tmp_path: Path) -> None:
    for mode, becomes in ((0o644, 0o600), (0o640, 0o640)):
        file = tmp_path / f"{mode}.db"
        file.touch()
        file.chmod(mode)
        with open_storage(StorageSettings(database_url=f"sqlite:///{file}")) as storage:
            storage.keys.all()
        assert file.stat().st_mode & 0o777 == becomes

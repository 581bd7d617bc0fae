"""A database that goes away, under a running program and between two starts: it is noticed, and nothing is written."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from faqbot.errors import DatabaseLost, DatabaseUnavailable, StorageError
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import Storage, open_storage

ENDINGS = ("", "-wal", "-shm")


def sqlite(path: Path) -> StorageSettings:
    return StorageSettings(database_url=f"sqlite:///{path}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "faqbot.db"


@pytest.fixture
def opened(file: Path) -> Iterator[Storage]:
    """A SQLite file in use, with an entry."""
    with open_storage(sqlite(file)) as storage:
        storage.draft.create(Entry("a", "question"))
        storage.check()
        yield storage


def another(file: Path) -> Path:
    """The file of another installation."""
    path = file.with_name("another.db")
    with open_storage(sqlite(path)) as other:
        other.draft.create(Entry("theirs", "q"))
    return path


def delete(file: Path) -> None:
    for ending in ENDINGS:
        Path(f"{file}{ending}").unlink(missing_ok=True)


def delete_the_file_only(file: Path) -> None:
    file.unlink()


def move_away(file: Path) -> None:
    file.rename(file.with_name("moved.db"))


def replace_by_an_empty_one(file: Path) -> None:
    file.unlink()
    file.touch()


def empty(file: Path) -> None:
    os.truncate(file, 0)


def replace_by_another_installations(file: Path) -> None:
    another(file).replace(file)


def overwrite_with_another_installations(file: Path) -> None:
    shutil.copyfile(another(file), file)


def overwrite_with_garbage(file: Path) -> None:
    file.write_bytes(b"garbage " * 10_000)


def replace_by_garbage(file: Path) -> None:
    file.unlink()
    file.write_bytes(b"garbage " * 10_000)


def replace_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def delete_the_log(file: Path) -> None:
    Path(f"{file}-wal").unlink()


def replace_the_index_of_the_log(file: Path) -> None:
    Path(f"{file}-shm").unlink()
    Path(f"{file}-shm").touch()


def delete_the_folder(file: Path) -> None:
    shutil.rmtree(file.parent)


LOSSES = (
    delete,
    delete_the_file_only,
    move_away,
    replace_by_an_empty_one,
    empty,
    replace_by_another_installations,
    overwrite_with_another_installations,
    overwrite_with_garbage,
    replace_by_garbage,
    replace_by_a_folder,
    delete_the_log,
    replace_the_index_of_the_log,
    delete_the_folder,
)


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
def test_a_file_that_is_lost_while_it_is_used_is_noticed_and_nothing_is_written(
    opened: Storage, file: Path, lose: Callable[[Path], None]
) -> None:
    lose(file)
    with pytest.raises(DatabaseLost) as caught:
        opened.check()
    assert caught.value.message.endswith(".")
    for write in (
        lambda: opened.draft.create(Entry("b", "q")),
        lambda: opened.keys.add("admin", "", "0" * 64),
        lambda: opened.versions.add([Entry("b", "q", answer="x")], fingerprint="f", model="m"),
    ):
        with pytest.raises(DatabaseLost):
            write()
    # A file that a connection made in the place of the lost one would look like a database that works.
    assert not file.is_file() or file.stat().st_size == 0 or lose not in (delete, delete_the_file_only)


def test_a_file_that_is_put_back_is_used_again(opened: Storage, file: Path) -> None:
    for ending in ENDINGS:
        Path(f"{file}{ending}").rename(file.with_name(f"moved{ending}"))
    with pytest.raises(DatabaseLost, match="was deleted"):
        opened.check()
    for ending in ENDINGS:
        file.with_name(f"moved{ending}").rename(f"{file}{ending}")
    opened.check()
    opened.draft.create(Entry("b", "q"))
    assert opened.draft.count() == 2


def test_no_connection_makes_a_new_file(opened: Storage, file: Path) -> None:
    with opened._database.reading() as held:
        held.execute(text("SELECT 1"))
        delete(file)
        # The one that is open is taken, so this needs another.
        with pytest.raises(DatabaseLost), opened._database.reading() as session:
            session.execute(text("SELECT 1"))
    assert not file.exists()


def test_what_was_written_can_still_be_read_by_whoever_has_the_deleted_file_open(opened: Storage, file: Path) -> None:
    delete(file)
    assert opened.draft.entries() == [Entry("a", "question")]


def test_what_only_a_deleted_log_held_is_in_the_file_after_a_restart(opened: Storage, file: Path) -> None:
    delete_the_log(file)
    with pytest.raises(DatabaseLost):
        opened.check()
    # As after a kill, when nobody closes anything.
    shutil.copyfile(file, file.with_name("after.db"))
    with open_storage(sqlite(file.with_name("after.db"))) as after:
        assert after.draft.entries() == [Entry("a", "question")]


def test_a_file_or_folder_that_may_not_be_written_is_not_ready(
    opened: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, whom no mode stops.
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != file.parent)
    with pytest.raises(DatabaseUnavailable, match="may not be written"):
        opened.check()


def test_a_restore_or_a_migration_of_another_process_is_no_loss(opened: Storage, file: Path, tmp_path: Path) -> None:
    opened.backups.write(tmp_path / "b.zip")
    with open_storage(sqlite(file), expected="restored") as other:
        other.backups.restore(tmp_path / "b.zip", replace=True)
    opened.check()
    opened.draft.create(Entry("b", "q"))
    with open_storage(sqlite(file)) as again:
        assert again.draft.count() == 2


def test_the_watch_says_what_is_wrong_and_when_it_is_over(opened: Storage, file: Path) -> None:
    opened.watch(0.01)
    until(lambda: opened.problem is None)
    for ending in ENDINGS:
        Path(f"{file}{ending}").rename(file.with_name(f"moved{ending}"))
    until(lambda: isinstance(opened.problem, DatabaseLost))
    with pytest.raises(DatabaseLost):
        opened.check()
    for ending in ENDINGS:
        file.with_name(f"moved{ending}").rename(f"{file}{ending}")
    until(lambda: opened.problem is None)
    opened.check()


@pytest.mark.parametrize("leave", ["nothing", "empty", "garbage", "another"])
def test_a_start_without_the_database_that_was_there_is_refused(file: Path, leave: str) -> None:
    open_storage(sqlite(file)).close()
    theirs = another(file)
    delete(file)
    if leave == "empty":
        file.touch()
    elif leave == "garbage":
        file.write_bytes(b"garbage " * 1000)
    elif leave == "another":
        theirs.replace(file)
    before = file.read_bytes() if file.exists() else None
    for creates in (True, False):
        with pytest.raises(DatabaseUnavailable) as caught:
            open_storage(sqlite(file), creates=creates)
        if leave != "garbage":
            assert isinstance(caught.value, DatabaseLost)
            assert "faqbot restore" in caught.value.message
    assert (file.read_bytes() if file.exists() else None) == before


def test_anew_is_another_installation_and_a_restore_is_the_same(file: Path, tmp_path: Path) -> None:
    with open_storage(sqlite(file)) as first:
        first.draft.create(Entry("a", "question"))
        first.backups.write(tmp_path / "b.zip")
        installation = first._database.installation
    delete(file)
    with open_storage(sqlite(file), expected="restored") as restored:
        restored.backups.restore(tmp_path / "b.zip")
        assert restored._database.installation == installation
    delete(file)
    with open_storage(sqlite(file), expected="anew") as new:
        assert new._database.installation != installation
    with open_storage(sqlite(file)) as again:
        again.check()


def test_a_backup_restored_where_nothing_was_known_stays_the_same_installation(tmp_path: Path) -> None:
    with open_storage(sqlite(tmp_path / "one" / "faqbot.db")) as first:
        first.backups.write(tmp_path / "b.zip")
        installation = first._database.installation
    with open_storage(sqlite(tmp_path / "two" / "faqbot.db"), expected="restored") as second:
        second.backups.restore(tmp_path / "b.zip")
        assert second._database.installation == installation
        second.check()
    with open_storage(sqlite(tmp_path / "two" / "faqbot.db")) as second:
        second.draft.create(Entry("b", "q"))


def test_a_database_from_before_there_were_markers_gets_one(file: Path) -> None:
    with open_storage(sqlite(file)) as storage:
        storage.draft.create(Entry("a", "question"))
    file.with_name("faqbot-db.installation").unlink()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM secrets"))
    engine.dispose()
    open_storage(sqlite(file)).close()
    assert file.with_name("faqbot-db.installation").is_file()
    with open_storage(sqlite(file)) as storage:
        assert storage.draft.count() == 1


def test_a_marker_may_lie_elsewhere_and_one_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/data/faqbot.db"
    named = StorageSettings(database_url=url, marker=tmp_path / "elsewhere" / "marker")
    open_storage(named).close()
    shutil.rmtree(tmp_path / "data")
    with pytest.raises(DatabaseLost, match="elsewhere/marker"):
        open_storage(named)
    (tmp_path / "file").touch()
    open_storage(StorageSettings(database_url=url, marker=tmp_path / "file" / "marker")).close()
    assert "storage.marker" in caplog.text


def test_a_postgresql_database_that_was_made_again_is_noticed_at_the_next_start(postgres_url: str) -> None:
    settings = StorageSettings(database_url=postgres_url)
    open_storage(settings).close()
    recreate(postgres_url)
    with pytest.raises(DatabaseLost, match=r"data/database-\w+\.installation"):
        open_storage(settings)
    open_storage(settings, expected="anew").close()
    open_storage(settings).close()


@pytest.mark.parametrize("filled_again", [False, True])
def test_a_postgresql_database_that_is_dropped_and_made_again_gets_nothing_from_who_used_the_former(
    postgres_url: str, tmp_path: Path, filled_again: bool
) -> None:
    with open_storage(StorageSettings(database_url=postgres_url)) as storage:
        storage.draft.create(Entry("a", "question"))
        recreate(postgres_url)
        if filled_again:
            elsewhere = StorageSettings(database_url=postgres_url, marker=tmp_path / "other" / "marker")
            open_storage(elsewhere).close()
        for use in (storage.check, storage.versions.current, lambda: storage.draft.create(Entry("b", "q"))):
            # The connections that were cut say so once.
            with suppress(DatabaseUnavailable):
                storage.versions.current()
            with pytest.raises(DatabaseLost):
                use()
        if filled_again:
            with open_storage(elsewhere) as other:
                assert other.draft.count() == 0


def test_a_schema_that_is_dropped_and_restored_by_a_backup_is_used_again(postgres_url: str, tmp_path: Path) -> None:
    settings = StorageSettings(database_url=postgres_url)
    with open_storage(settings) as storage:
        storage.draft.create(Entry("a", "question"))
        storage.backups.write(tmp_path / "b.zip")
        recreate(postgres_url)
        with open_storage(settings, expected="restored") as other:
            other.backups.restore(tmp_path / "b.zip")
        with suppress(DatabaseUnavailable):
            storage.check()
        storage.check()
        assert storage.draft.count() == 1


def test_a_look_that_does_not_come_back_counts_as_a_problem(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from faqbot.storage.database import watching

    monkeypatch.setattr(watching, "_PATIENCE", 0.05)
    release = threading.Event()
    watch = watching.DatabaseWatch(lambda: release.wait(10) and None, "PostgreSQL database 'faq' on here")
    watch.start(0.01)
    until(lambda: watch.problem is not None)
    assert isinstance(watch.problem, StorageError)
    assert "does not answer" in watch.problem.message
    release.set()
    until(lambda: watch.problem is None)
    watch.stop()


def recreate(url: str) -> None:
    """Drop the database and make it again, empty."""
    plain = url.replace("+psycopg", "")
    name = plain.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(plain.replace(f"/{name}", "/postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")


def until(holds: Callable[[], bool]) -> None:
    """Wait, at most 10 s."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def test_a_file_that_a_full_disk_left_torn_is_whole_with_its_log(opened: Storage, file: Path) -> None:
    # What copying the log leaves behind where there is no room: a first page that counts pages that are not there.
    with file.open("r+b") as database:
        database.seek(28)
        database.write((1_000_000).to_bytes(4, "big"))
    opened.check()
    opened.draft.create(Entry("b", "another question"))
    assert opened.draft.count() == 2

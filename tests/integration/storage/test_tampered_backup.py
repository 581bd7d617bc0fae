"""A backup that somebody has changed, sums mended, changes nothing."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from faqbot.errors import FaqbotError, UnreadableFile
from faqbot.knowledge import Entry
from faqbot.settings import StorageSettings
from faqbot.storage import Storage, open_storage
from tests.integration.storage.test_backup import backup, fill  # noqa: F401

Parts = dict[str, bytes]
Rows = list[dict[str, Any]]


def rows_of(table: str, change: Callable[[Rows], object]) -> Callable[[dict[str, Any], Parts], None]:
    def changed(manifest: dict[str, Any], parts: Parts) -> None:
        rows = [json.loads(line) for line in parts[f"{table}.jsonl"].splitlines()]
        change(rows)
        parts[f"{table}.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    return changed


def bytes_of(table: str, more: bytes) -> Callable[[dict[str, Any], Parts], None]:
    def changed(manifest: dict[str, Any], parts: Parts) -> None:
        parts[f"{table}.jsonl"] += more

    return changed


def listed(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any], Parts], None]:
    return lambda manifest, _parts: change(manifest) and None


CHANGES: dict[str, Callable[[dict[str, Any], Parts], None]] = {
    "no tables": listed(lambda m: m.update(tables={})),
    "no audit": listed(lambda m: m["tables"].pop("audit")),
    "a table of nobody": listed(lambda m: m["tables"].update(nobody=dict(m["tables"]["audit"]))),
    "a member of nobody": lambda _m, p: p.update({"../../etc/passwd": b"x"}),
    "a revision that is a list": listed(lambda m: m.update(revision=["0001"])),
    "a format that is text": listed(lambda m: m.update(format="1")),
    "other binary columns": listed(lambda m: m["tables"]["versions"].update(binary=["note"])),
    "no JSON": bytes_of("entries", b"not json\n"),
    "a list": bytes_of("entries", b"[1]\n"),
    "a number": bytes_of("entries", b"1\n"),
    "deep": bytes_of("entries", b"[" * 100_000 + b"\n"),
    "no UTF-8": bytes_of("entries", b"\xff\n"),
    "an unknown column": rows_of("entries", lambda r: r[0].update(nope=1)),
    "a missing column": rows_of("entries", lambda r: r[0].pop("answer")),
    "a number for a text": rows_of("entries", lambda r: r[0].update(answer=1)),
    "a text for a flag": rows_of("entries", lambda r: r[0].update(enabled="no")),
    "a huge integer": rows_of("entries", lambda r: r[0].update(revision=2**70)),
    "not a number": bytes_of("asked", b'{"confidence": NaN}\n'),
    "a null": rows_of("entries", lambda r: r[0].update(answer=None)),
    "a NUL": rows_of("entries", lambda r: r[0].update(answer="a\0b")),
    "half a character": rows_of("entries", lambda r: r[0].update(answer="\ud800")),
    "tags that are a number": rows_of("entries", lambda r: r[0].update(tags=7)),
    "twice the same": rows_of("entries", lambda r: r.append(dict(r[0]))),
    "a wording of no entry": rows_of("wordings", lambda r: r[0].update(entry_id="nobody")),
    "a version that is not there": rows_of("published", lambda r: r[0].update(version=99)),
    "nothing published": rows_of("published", lambda r: r.clear()),
    "no base64": rows_of("versions", lambda r: r[0].update(content="*")),
    "content of something else": rows_of("versions", lambda r: r[0].update(content="AAAA")),
    "an unknown role": rows_of("api_keys", lambda r: r[0].update(role="root")),
    "a bomb": bytes_of("entries", b" " * 50_000_000),
}


def tamper(path: Path, change: Callable[[dict[str, Any], Parts], None]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
        manifest = json.loads(archive.read("manifest.json"))
    change(manifest, parts)
    for table, record in manifest["tables"].items():
        data = parts.get(f"{table}.jsonl", b"")
        record["rows"], record["sha256"] = len(data.splitlines()), hashlib.sha256(data).hexdigest()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.fixture
def here(tmp_path: Path) -> Any:
    with open_storage(StorageSettings(database_url=f"sqlite:///{tmp_path}/here.db")) as storage:
        storage.draft.create(Entry("mine", "q"))
        storage.keys.add("admin", "boss", "e" * 64)
        yield storage


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_backup_is_refused_before_anything_is_touched(here: Storage, backup: Path, name: str) -> None:  # noqa: F811
    tamper(backup, CHANGES[name])
    before = here.audit.changes()
    with pytest.raises(FaqbotError) as caught:
        here.backups.restore(backup, replace=True, with_keys=True)
    assert "\n" not in caught.value.message
    assert here.draft.revisions() == {"mine": 1}
    assert here.audit.changes() == before
    assert here.keys.find("e" * 64) is not None


def test_keys_stay_those_of_the_database_unless_the_backups_are_asked_for(here: Storage, backup: Path) -> None:  # noqa: F811
    here.backups.restore(backup, replace=True)
    assert here.keys.find("e" * 64) is not None
    assert here.keys.find("a" * 64) is None
    here.backups.restore(backup, replace=True, with_keys=True)
    assert here.keys.find("e" * 64) is None
    assert here.keys.find("a" * 64) is not None


def test_with_a_key_only_what_was_signed_with_it_is_restored(here: Storage, backup: Path, tmp_path: Path) -> None:  # noqa: F811
    signed = tmp_path / "signed.zip"
    here.backups.write(signed, key="the operator's own key")
    for file, key in ((backup, "the operator's own key"), (signed, "another key altogether")):
        with pytest.raises(UnreadableFile, match=r"not signed with backup\.key"):
            here.backups.restore(file, replace=True, key=key)
    here.backups.restore(signed, replace=True, key="the operator's own key")
    here.backups.restore(signed, replace=True)
    tamper(signed, rows_of("entries", lambda r: r[0].update(answer="changed")))
    with pytest.raises(UnreadableFile):
        here.backups.restore(signed, replace=True, key="the operator's own key")

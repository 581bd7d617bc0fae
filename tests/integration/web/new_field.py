"""Puts an entry with the field `audience`, which this copy of the package has and ours has not, through every door."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

from faqbot.formats import to_bytes
from faqbot.services.admin.key_uses import KeyUses
from faqbot.services.admin.keys import KeyService
from faqbot.services.draft.importing import Importer
from faqbot.services.publishing.version_diff import difference
from faqbot.settings import Settings, StorageSettings
from faqbot.storage import open_storage
from faqbot.storage.codec.entries import pack_entries, unpack_entries
from faqbot.web.application import create_app
from faqbot.web.services_door import Services


def main(folder: Path) -> None:
    """Use a database of the folder; ends with an `AssertionError` where the field is lost."""
    settings = Settings(storage=StorageSettings(database_url=f"sqlite:///{folder}/new.db"))
    storage = open_storage(settings.storage)
    importer, keys = Importer(storage.draft), KeyService(storage.keys)
    uses = KeyUses(storage.keys, storage.audit)
    services = _Few(
        draft=storage.draft,
        audit=storage.audit,
        keys=keys,
        key_uses=uses,
        storage_check=storage.check,
        storage_problem=lambda: None,
    )
    client = create_app(cast("Services", services), settings).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {keys.create('admin').key}"

    # A file under the field's Chinese heading, and every format back.
    rows = "编号,问题,读者\na,如何退款？,会员\n"
    assert importer.import_upload("a.csv", rows.encode()).count("new") == 1
    changed = importer.import_upload("a.csv", rows.replace("会员", "所有人").encode()).rows[0]
    assert changed.message == "Changes audience.", changed
    for name in ("csv", "xlsx", "json", "jsonl", "yaml"):
        [same] = importer.import_upload(f"a.{name}", to_bytes(name, storage.draft.entries()), dry_run=True).rows
        assert same.verdict == "same", (name, same)

    # The API: whole, in part, and of many at once.
    path = "/api/v1/entries/a"
    assert client.get(path).json["audience"] == "所有人"
    assert client.patch(path, json={"audience": "店员"}).json["audience"] == "店员"
    assert client.put(path, json={"question": "如何退款？", "audience": "店长"}).json["audience"] == "店长"
    assert client.post("/api/v1/entries/bulk", json={"ids": ["a"], "set": {"audience": "财务"}}).json["changed"] == 1
    assert client.get("/api/v1/entries").json["entries"][0]["audience"] == "财务"
    changes = client.get("/api/v1/audit").json["changes"]
    change = next(one for one in changes if "audience" in (one["after"] or {}))
    assert (change["before"], change["after"]) == ({"audience": "店长"}, {"audience": "财务"}), change
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    for name in ("EntryBody", "EntryChange", "EntryShape"):
        assert schemas[name]["properties"]["audience"]["description"] == "Who reads it.", name

    # A version and its difference from the draft.
    [entry] = storage.draft.entries()
    assert unpack_entries(pack_entries([entry])) == (entry,)
    [differing] = difference([replace(entry, **{"audience": ""})], [entry]).changed
    assert differing.fields == ("audience",)
    uses.close()
    sys.stdout.write("kept\n")


class _Few:
    """The services that editing needs."""

    def __init__(self, **services: object) -> None:
        self.__dict__.update(services)


main(Path(sys.argv[1]))

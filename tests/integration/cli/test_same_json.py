"""What a command prints with `--json` is what its route replies: same keys, same values."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from faqbot.bootstrap import Container, services_of
from faqbot.cli import main
from faqbot.encoder import Encoder
from faqbot.settings import Settings, StorageSettings
from faqbot.storage import QuestionTest
from faqbot.web.application import create_app

ROWS = (
    "id,question,similar,answer\n"
    "refund,如何申请退款,我想退钱##不想要了能退吗,在订单页点退款\n"
    "invoice,怎么开发票,要发票##开票流程,在订单页点开发票\n"
    "ship,多久发货,什么时候发货##催发货,48 小时内发货\n"
)
NEW_ROWS = "id,question,answer,nonsense\nship,多久发货,24 小时内发货,x\npay,怎么付款,在订单页点付款,y\n"
MORE_ROWS = "id,question,similar,answer\nship,多久发货,发货要多久,48 小时内发货\nopen,几点开门,,TODO\n"
BAD_ROWS = "id,question,answer,enabled\nship,多久发货,当天,true\npay,怎么付款,x,perhaps\nship,,y,true\n"
CHANGED = NEW_ROWS.replace("付款", "支付")


@dataclass(frozen=True)
class Pair:
    """A command and the request that does the same.

    Attributes:
        command: Without `--json`.
        request: The route's reply.
        part: Which part of what the command prints the route gives.
        told: The route's reply as the command puts it.
        differs: Names whose values may differ, each with the reason.
    """

    command: tuple[str, ...]
    request: Callable[[FlaskClient], TestResponse]
    part: Callable[[Any], Any] = lambda printed: printed
    told: Callable[[Any], Any] = lambda reply: reply
    differs: tuple[tuple[str, str], ...] = ()


def _file(content: str, name: str = "new.csv", **fields: str) -> dict[str, Any]:
    return {"data": {"file": (io.BytesIO(content.encode()), name), **fields}}


_MOMENT = ("created_at", "the two publish one after the other, each in a database of its own")
_CHANCE = ("key", "it is made of chance")
_REQUEST = ("request_id", "a command is no request: it says `cli`")
PAIRS = {
    "ask": Pair(
        ("ask", "怎么退钱", "--mode", "dense", "--top", "2", "--language", "zh"),
        lambda api: api.post("/api/v1/ask", json={"question": "怎么退钱", "mode": "dense", "top": 2, "language": "zh"}),
        differs=(_REQUEST,),
    ),
    "ask --explain": Pair(
        ("ask", "要退款吗", "--explain"),
        lambda api: api.post("/api/v1/ask", json={"question": "要退款吗", "explain": True}),
        differs=(_REQUEST,),
    ),
    "similarity": Pair(
        ("similarity", "我要退款", "能退吗"),
        lambda api: api.post("/api/v1/similarity", json={"a": "我要退款", "b": "能退吗"}),
    ),
    "import": Pair(
        ("import", "new.csv"),
        lambda api: api.post("/api/v1/imports", **_file(CHANGED)),
        part=lambda printed: printed["files"][0],
    ),
    "import --dry-run --replace": Pair(
        ("import", "new.csv", "--dry-run", "--replace"),
        lambda api: api.post("/api/v1/imports", **_file(CHANGED, dry_run="true", replace="true")),
        part=lambda printed: printed["files"][0],
    ),
    "import --dry-run BAD": Pair(
        ("import", "bad.csv", "--dry-run"),
        lambda api: api.post("/api/v1/imports", **_file(BAD_ROWS, "bad.csv", dry_run="true")),
        part=lambda printed: printed["files"][0],
    ),
    "import BAD": Pair(
        ("import", "bad.csv", "--publish"),
        # The route refuses the rows of an import that is no preview; its report is that of the preview.
        lambda api: api.post("/api/v1/imports", **_file(BAD_ROWS, "bad.csv", dry_run="true")),
        part=lambda printed: printed["files"][0],
    ),
    "import --publish": Pair(
        ("import", "faq.csv", "--publish"),
        lambda api: api.post("/api/v1/versions", json={}),
        part=lambda printed: printed["version"],
        differs=(_MOMENT,),
    ),
    "check": Pair(("check",), lambda api: api.get("/api/v1/checks")),
    "problems": Pair(
        ("problems", "placeholder"),
        lambda api: api.get("/api/v1/entries?problem=placeholder"),
        told=lambda reply: {one["id"]: one["problems"] for one in reply["entries"]},
    ),
    "duplicates": Pair(("duplicates",), lambda api: api.get("/api/v1/duplicates")),
    "duplicates --threshold": Pair(
        ("duplicates", "--threshold", "0"), lambda api: api.get("/api/v1/duplicates?threshold=0")
    ),
    "duplicates FILE": Pair(
        ("duplicates", "new.csv", "--threshold", "0"),
        lambda api: api.post("/api/v1/duplicates", **_file(CHANGED, threshold="0")),
    ),
    "tests run": Pair(("tests", "run"), lambda api: api.post("/api/v1/tests/run")),
    "replay": Pair(("replay",), lambda api: api.get("/api/v1/replay")),
    "publish": Pair(
        ("publish", "--note", "n", "--override", "placeholder"),
        lambda api: api.post(
            "/api/v1/versions", json={"note": "n", "overrides": [{"code": "placeholder", "note": "n"}]}
        ),
        differs=(_MOMENT,),
    ),
    "rollback": Pair(("rollback", "1"), lambda api: api.post("/api/v1/versions/rollback", json={"version": 1})),
    "versions": Pair(("versions",), lambda api: api.get("/api/v1/versions")),
    "versions diff": Pair(("versions", "diff"), lambda api: api.get("/api/v1/versions/diff")),
    "questions list": Pair(("questions", "list"), lambda api: api.get("/api/v1/questions")),
    "questions erase": Pair(
        ("questions", "erase", "--matching", "x", "--session", "s"),
        lambda api: api.post("/api/v1/questions/erase", json={"matching": "x", "session": "s"}),
    ),
    "questions expire": Pair(
        ("questions", "expire", "--days", "3000"),
        lambda api: api.post("/api/v1/questions/expire", json={"days": 3000}),
    ),
    "feedback list": Pair(("feedback", "list"), lambda api: api.get("/api/v1/feedback")),
    "feedback dismiss": Pair(
        ("feedback", "dismiss", "--matching", "x", "--since", "2026-01-01"),
        lambda api: api.post("/api/v1/feedback/dismiss", json={"matching": "x", "since": "2026-01-01"}),
    ),
    "thresholds": Pair(("thresholds",), lambda api: api.get("/api/v1/thresholds")),
    "key list": Pair(("key", "list"), lambda api: api.get("/api/v1/keys")),
    "key create": Pair(
        ("key", "create", "--role", "ask", "--name", "n", "--expires", "9000-01-01"),
        lambda api: api.post("/api/v1/keys", json={"role": "ask", "name": "n", "expires": "9000-01-01"}),
        differs=(_MOMENT, _CHANCE),
    ),
    "key rotate": Pair(
        ("key", "rotate", "1"),
        lambda api: api.post("/api/v1/keys/1/rotate", json={}),
        differs=(_MOMENT, _CHANCE),
    ),
    "audit --verify": Pair(("audit", "--verify"), lambda api: api.get("/api/v1/audit/verification")),
    "audit": Pair(("audit", "--limit", "3"), lambda api: api.get("/api/v1/audit?limit=3")),
}
WITHOUT_ROUTE = {
    "prune": "looks after the database, on its machine",
    "backup": "writes a file of the machine",
    "restore": "reads a file of the machine",
    "evaluate": "takes minutes, and no database",
    "calibrate": "takes a file of labels; the API labels one question at a time",
    "model list": "what is on the machine",
    "model info": "what is on the machine",
}


@pytest.fixture(scope="module")
def folder(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two versions, a draft that differs, a test, a question that was asked; and two files."""
    folder = tmp_path_factory.mktemp("both")
    container = _container(folder / "first.db", compact_encoder)
    container.importer.import_upload("faq.csv", ROWS.encode())
    container.publishing.publish("first")
    container.importer.import_upload("new.csv", NEW_ROWS.encode())
    container.publishing.publish("second")
    container.importer.import_upload("more.csv", MORE_ROWS.encode())
    container.storage.tests.put([QuestionTest("我想退钱", "refund"), QuestionTest("今天天气如何", "")])
    container.published.refresh()
    container.make_answering(container.question_log).ask("怎么开门")
    container.question_log.close()
    (folder / "key").write_text(container.keys.create("admin").key, encoding="utf-8")
    container.storage.close()
    (folder / "faq.csv").write_text(ROWS + "open,几点开门,,九点\n", encoding="utf-8")
    (folder / "new.csv").write_text(CHANGED, encoding="utf-8")
    (folder / "bad.csv").write_text(BAD_ROWS, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", PAIRS)
def test_a_command_prints_what_its_route_replies(
    name: str, folder: Path, compact_encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = PAIRS[name]
    for database in ("ours", "theirs"):
        shutil.copy(folder / "first.db", tmp_path / f"{database}.db")
    monkeypatch.setenv("FAQBOT_STORAGE__DATABASE_URL", f"sqlite:///{tmp_path}/ours.db")
    monkeypatch.setattr("faqbot.encoder.opening.open_encoder", lambda *_: compact_encoder)
    monkeypatch.chdir(folder)
    printed = CliRunner().invoke(main, [*pair.command, "--json"])
    assert printed.stdout, printed.stderr

    container = _container(tmp_path / "theirs.db", compact_encoder)
    if name == "import --publish":
        container.importer.import_upload("faq.csv", (folder / "faq.csv").read_bytes())
    container.published.refresh()
    client = _client(container, folder)
    reply = pair.request(client)
    container.question_log.close()
    container.storage.close()
    assert reply.status_code < 300, reply.json
    ours, theirs = pair.part(json.loads(printed.stdout)), pair.told(reply.json)
    assert ours, "nothing was compared"
    assert _leaves(ours, pair) == _leaves(theirs, pair)


def test_every_command_that_prints_json_is_compared_or_has_no_route() -> None:
    compared = {" ".join(word for word in name.split() if word[0].islower()) for name in PAIRS}
    assert compared | set(WITHOUT_ROUTE) == set(_commands(main))
    assert not compared & set(WITHOUT_ROUTE)


def test_what_is_exported_is_the_same_file(
    folder: Path, compact_encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAQBOT_STORAGE__DATABASE_URL", f"sqlite:///{folder}/first.db")
    assert CliRunner().invoke(main, ["export", str(tmp_path / "out.jsonl")]).exit_code == 0
    shutil.copy(folder / "first.db", tmp_path / "copy.db")
    container = _container(tmp_path / "copy.db", compact_encoder)
    client = _client(container, folder)
    assert client.get("/api/v1/exports/jsonl").data == (tmp_path / "out.jsonl").read_bytes()
    container.storage.close()


def _container(database: Path, encoder: Encoder) -> Container:
    container = Container(Settings(storage=StorageSettings(database_url=f"sqlite:///{database}")))
    container.encoder = encoder
    return container


def _client(container: Container, folder: Path) -> FlaskClient:
    client = create_app(services_of(container), container.settings).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {(folder / 'key').read_text(encoding='utf-8')}"
    return client


def _leaves(value: Any, pair: Pair) -> Any:
    """The value without what may differ."""
    names = {name for name, _ in pair.differs}
    if isinstance(value, dict):
        return {name: _leaves(part, pair) for name, part in value.items() if name not in names}
    return [_leaves(part, pair) for part in value] if isinstance(value, list) else value


def _commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if any(option.name == "as_json" for option in command.params):
            yield f"{before}{name}"
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before}{name} ")

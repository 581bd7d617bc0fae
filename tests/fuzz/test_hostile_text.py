"""Hostile texts in every place of the API that takes one, on both databases."""

from __future__ import annotations

import io
import json
import logging
import os
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from faqbot.channels import webhook
from faqbot.channels.signatures import sign
from faqbot.contract import parse_json
from faqbot.encoder import Encoder
from faqbot.formats import FORMATS, read_bytes
from faqbot.process import LineFormatter
from tests.fuzz.api_fields import KNOWN_REQUEST, Field, fields_of
from tests.fuzz.hostile_texts import HOSTILE
from tests.fuzz.shops import SECRETS, fuzzed_shop
from tests.integration.web.shop import Shop

# Of the texts, each place gets so many in turn: in a long run every one.
SHARE = int(os.environ.get("FUZZ_EXAMPLES", "60")) // 20
# What works on the whole draft is asked with a few; its time is learning, not reading.
SLOW = ("/api/v1/versions", "/api/v1/tests/run")


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, compact_encoder: Encoder, tmp_path: Path) -> Iterator[Shop]:
    """A shop of the test's own on each kind of database."""
    url = str(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else None
    opened = fuzzed_shop(tmp_path, compact_encoder, url)
    yield opened
    opened.close()


def test_no_text_breaks_any_place_that_takes_one(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    client = shop.client("admin")
    asked = client.post("/api/v1/ask", json={"question": "多久发货"}, headers={"X-Request-ID": KNOWN_REQUEST})
    assert asked.status_code == 200
    document = client.get("/openapi.json").get_json()
    names, faults, accepted, number = list(HOSTILE), [], set(), count()
    with caplog.at_level(logging.INFO):
        for field in fields_of(document):
            for _ in range(1 if field.path in SLOW else min(SHARE, len(HOSTILE))):
                name = names[next(number) % len(names)]
                response = _send(client, field, HOSTILE[name], next(number))
                fault = _fault(response, document["paths"][field.path][field.method.lower()])
                if fault:
                    faults.append(f"{field} with {name}: {response.status_code} {fault}")
                if response.status_code < 300:
                    accepted.add(f"{field.method} {field.path}")
    assert not faults, "\n".join(faults)
    # The requests are sound but for the text: most operations take some of them.
    assert len(accepted) >= 25
    _check_lines(caplog.records)
    _check_exports(shop, client)


def test_entries_come_back_as_they_were_taken(shop: Shop) -> None:
    client = shop.client("admin")
    for name, text in HOSTILE.items():
        body = {"id": f"hostile-{len(name)}", "question": f"q {text}", "answer": text, "category": text, "tags": [text]}
        taken = client.post("/api/v1/entries", data=json.dumps(body), content_type="application/json")
        assert taken.status_code in (201, 400, 409, 422), (name, taken.get_data(as_text=True))
        if taken.status_code == 201:
            entry = taken.get_json()
            assert client.get(f"/api/v1/entries/{quote(entry['id'], safe='')}").get_json() == entry, name
    _check_exports(shop, client)


@pytest.mark.parametrize("path", ["/api/v1/ask", "/channels/deep-chat", "/webhooks/rest/webhook", "/api/v1/labels"])
@pytest.mark.parametrize("data", [b"\xff\xfe", b"\x80", b'{"question": "\xed\xa0\x80"}', b'{"message": "\xff"}', b"\0"])
def test_bytes_that_are_no_text_are_refused(shop: Shop, path: str, data: bytes) -> None:
    client = shop.client("admin")
    assert client.post(path, data=data, content_type="application/json").status_code == 400
    for place in (f"/api/v1/entries/{quote(data)}", f"/api/v1/lookup?q={quote(data)}", f"/%ff{path}?%ff=%fe"):
        assert client.get(place).status_code < 500


def _send(client: FlaskClient, field: Field, text: str, number: int) -> TestResponse:
    parts: dict[str, Any] = {**field.with_text(text)}
    path = field.path
    for name, value in parts["path"].items():
        path = path.replace(f"{{{name}}}", quote(str(value).encode("utf-8", "surrogatepass"), safe=""))
    query = "&".join(
        f"{quote(name)}={quote(str(value).encode('utf-8', 'surrogatepass'), safe='')}"
        for name, value in parts["query"].items()
        if value is not None
    )
    sent: dict[str, Any] = {"headers": {}}
    if "form" in parts:
        values = {
            name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
            for name, value in parts["form"].items()
            if name != "file"
        }
        content = io.BytesIO(f"question,answer\n{number},a\n".encode())
        file = parts["form"]["file"]
        sent["data"] = {**values, "file": (content, file.encode("utf-8", "replace").decode() + ".csv")}
    elif "body" in parts:
        if path == "/channels/webhook" and field.steps != ("message_id",):
            parts["body"]["message_id"] = str(number)
        # As it is, and as JSON spells it.
        written = json.dumps(parts["body"], ensure_ascii=number % 4 == 1)
        data = written.encode("utf-8", "surrogatepass")
        now = str(int(time.time()))
        signature = sign(SECRETS["webhook_secret"], now, data)
        sent |= {"data": data, "content_type": "application/json"}
        sent["headers"] = {webhook.TIMESTAMP_HEADER: now, webhook.SIGNATURE_HEADER: signature}
    return client.open(f"{path}?{query}", method=field.method, **sent)


def _fault(response: TestResponse, operation: dict[str, Any]) -> str:
    if response.status_code >= 500 or str(response.status_code) not in operation["responses"]:
        return response.get_data(as_text=True)[:300]
    if response.mimetype == "application/json" and response.data:
        try:
            parse_json(response.data)
        except ValueError as error:
            return f"the reply: {error}"
    return ""


def _check_lines(records: list[logging.LogRecord]) -> None:
    formatter = LineFormatter("%(message)s")
    for record in records:
        first, *others = formatter.format(record).split("\n")
        assert first.isprintable() or all(character >= " " for character in first), first
        assert all(line.startswith("| ") for line in others), record


def _check_exports(shop: Shop, client: FlaskClient) -> None:
    entries = shop.services.draft.entries()
    for name in FORMATS:
        file = client.get(f"/api/v1/exports/{name}")
        assert file.status_code == 200, (name, file.get_data(as_text=True)[:500])
        parsed = read_bytes(file.data, f"faq.{name}")
        assert [entry for _, entry in parsed.entries] == list(entries), name
        assert not parsed.errors

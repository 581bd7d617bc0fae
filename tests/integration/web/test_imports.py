from __future__ import annotations

import json
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop

GOOD = "id,question,similar,answer\nrefund,如何申请退款？,我想退款,新的答案\ncod,能货到付款吗？,,可以。\n"
NOTHING = {"new": 0, "changed": 0, "same": 0, "duplicate": 0, "conflict": 0, "invalid": 0}
BAD = "id,question,answer\nx1,,没有问题\nx2,好问题,好\nx2,重复,二\n"


def _upload(shop: Shop, name: str, content: bytes, **fields: str) -> TestResponse:
    # Encoded here, because the test client leaves the temporary file of a large body open.
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(content), name), **fields})
    kind = f"multipart/form-data; boundary={boundary}"
    return shop.client("admin").post("/api/v1/imports", data=body, content_type=kind)


def _ids(shop: Shop) -> list[str]:
    return [entry["id"] for entry in shop.client("admin").get("/api/v1/entries").get_json()["entries"]]


def test_an_upload_changes_the_draft_and_reports_every_row(own_shop: Shop) -> None:
    report = _upload(own_shop, "a.csv", GOOD.encode("gb18030"))
    assert report.status_code == 200
    body = report.get_json()
    assert (body["file"], body["encoding"], body["applied"], body["removed"]) == ("a.csv", "gb18030", True, 0)
    assert body["counts"] == {**NOTHING, "new": 1, "changed": 1}
    assert [(row["entry_id"], row["verdict"]) for row in body["rows"]] == [("refund", "changed"), ("cod", "new")]
    assert "cod" in _ids(own_shop)


def test_a_dry_run_reports_and_changes_nothing(own_shop: Shop) -> None:
    before = _ids(own_shop)
    body = _upload(own_shop, "a.csv", GOOD.encode(), dry_run="true").get_json()
    assert (body["applied"], body["counts"]["new"]) == (False, 1)
    invalid = _upload(own_shop, "b.csv", BAD.encode(), dry_run="true")
    assert invalid.status_code == 200
    assert invalid.get_json()["counts"] == {**NOTHING, "new": 1, "conflict": 1, "invalid": 1}
    assert _ids(own_shop) == before


def test_replace_removes_what_the_file_does_not_hold(own_shop: Shop) -> None:
    body = _upload(own_shop, "a.csv", GOOD.encode(), replace="true").get_json()
    assert body["removed"] == 4
    assert _ids(own_shop) == ["cod", "refund"]


def test_one_bad_row_refuses_the_whole_file_and_names_each(own_shop: Shop) -> None:
    before = _ids(own_shop)
    response = _upload(own_shop, "b.csv", BAD.encode())
    assert "nothing was imported" in assert_error(response, 422, "rows_refused")
    details = response.get_json()["error"]["details"]
    assert [(row["line"], row["column"], row["verdict"]) for row in details] == [
        (2, "question", "invalid"),
        (4, "id", "conflict"),
    ]
    assert all(row["message"] for row in details)
    assert _ids(own_shop) == before


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("fake.xlsx", b"PK\x03\x04 not a zip", 422, "unreadable_file"),
        ("columns.csv", "标题,内容\n一,二\n".encode(), 422, "missing_column"),
        ("broken.json", b"[{", 422, "unreadable_file"),
        ("entries.pdf", b"%PDF", 415, "unsupported_file_type"),
        ("noending", b"a", 415, "unsupported_file_type"),
        ("empty.csv", b"", 422, None),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    own_shop: Shop, name: str, content: bytes, status: int, code: str | None
) -> None:
    before = _ids(own_shop)
    response = _upload(own_shop, name, content)
    assert_error(response, status, code or response.get_json()["error"]["code"])
    assert _ids(own_shop) == before


def test_the_file_belongs_into_its_field(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    missing = admin.post("/api/v1/imports", data={"dry_run": "true"}, content_type="multipart/form-data")
    assert "`file`" in assert_error(missing, 422, "invalid_request")
    assert "multipart" in assert_error(admin.post("/api/v1/imports", json={}), 415, "unsupported_media_type")
    assert "`colour`" in assert_error(_upload(own_shop, "a.csv", b"x", colour="red"), 422, "invalid_request")


def test_an_upload_may_be_larger_than_json_but_not_than_the_setting(own_shop: Shop) -> None:
    own_shop.app.config["MAX_CONTENT_LENGTH"] = 3_000_000
    line = "q{n},问题编号{n}怎么办,{answer}\n"
    large = "id,question,answer\n" + "".join(line.format(n=n, answer="长" * 400) for n in range(1500))
    assert 1_000_000 < len(large.encode()) < 3_000_000
    assert _upload(own_shop, "large.csv", large.encode(), dry_run="true").status_code == 200
    assert "3 MB" in assert_error(_upload(own_shop, "a.csv", b"x" * 3_000_001), 413, "too_large")


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json", "jsonl", "yaml"])
def test_what_is_exported_can_be_imported_again(own_shop: Shop, file_format: str) -> None:
    exported = own_shop.client("admin").get(f"/api/v1/exports/{file_format}")
    assert exported.status_code == 200
    assert exported.headers["Content-Disposition"] == f'attachment; filename="faqbot.{file_format}"'
    body = _upload(own_shop, f"faqbot.{file_format}", exported.data).get_json()
    assert body["counts"] == {**NOTHING, "same": 5}


def test_an_exported_entry_has_the_fields_of_the_api(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    exported = json.loads(admin.get("/api/v1/exports/json").data)
    listed = admin.get("/api/v1/entries").get_json()["entries"]
    assert [entry["id"] for entry in exported] == [entry["id"] for entry in listed]
    assert set(exported[0]) <= set(listed[0])


def test_a_format_that_there_is_not_is_refused(own_shop: Shop) -> None:
    assert "pdf" in assert_error(own_shop.client("admin").get("/api/v1/exports/pdf"), 415, "unsupported_file_type")

from __future__ import annotations

from io import BytesIO

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from faqbot.services.jobs.worker import JobWorker
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop

ROWS = "id,question,answer\nrefund,如何申请退款？,新的答案\ncod,能货到付款吗？,可以。\n".encode()


def _submit(shop: Shop, content: bytes, **fields: str) -> TestResponse:
    # Encoded here, because the test client leaves the temporary file of a large body open.
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(content), "kb.csv"), **fields})
    kind = f"multipart/form-data; boundary={boundary}"
    return shop.client("admin").post("/api/v1/jobs/import", data=body, content_type=kind)


def _work(shop: Shop) -> None:
    services = shop.services
    worker = JobWorker(
        shop.storage.jobs,
        services.importer,
        services.learner,
        services.publishing,
        published=services.published.refresh,
    )
    while worker.run_one():
        pass


def test_an_import_is_accepted_done_and_its_rows_are_read_page_by_page(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    accepted = _submit(own_shop, ROWS, publish="true")
    assert accepted.status_code == 202
    place = accepted.headers["Location"]
    assert (accepted.get_json()["state"], accepted.get_json()["report"]) == ("queued", None)
    _work(own_shop)
    job = admin.get(f"{place}?wait=1").get_json()
    assert (job["state"], job["version"], job["error"]) == ("done", 2, None)
    assert job["report"]["counts"] == {
        "new": 1, "changed": 1, "same": 0, "duplicate": 0, "conflict": 0, "invalid": 0,
    }  # fmt: skip
    assert "rows" not in job["report"]
    first = admin.get(f"{place}/rows?limit=1").get_json()
    assert ([row["entry_id"] for row in first["rows"]], first["next"], first["total"]) == (["refund"], 1, 2)
    second = admin.get(f"{place}/rows?limit=1&after={first['next']}").get_json()
    assert ([row["verdict"] for row in second["rows"]], second["next"]) == (["new"], None)
    assert admin.get(f"{place}/rows?verdict=changed").get_json()["total"] == 1
    reply = own_shop.client().post("/api/v1/ask", json={"question": "能货到付款吗"}).get_json()
    assert reply["answer"] == "可以。"


def test_a_publication_is_accepted_and_done(own_shop: Shop) -> None:
    accepted = own_shop.client("admin").post("/api/v1/jobs/publish", json={"note": "spring"})
    assert accepted.status_code == 202
    _work(own_shop)
    [job] = own_shop.client("admin").get("/api/v1/jobs").get_json()["jobs"]
    assert (job["id"], job["kind"], job["state"], job["version"]) == (accepted.get_json()["id"], "publish", "done", 2)
    assert own_shop.client("admin").get("/api/v1/versions").get_json()["versions"][0]["note"] == "spring"


def test_a_waiting_job_can_be_cancelled(own_shop: Shop) -> None:
    place = _submit(own_shop, ROWS).headers["Location"]
    cancelled = own_shop.client("admin").post(f"{place}/cancel", json={})
    assert (cancelled.status_code, cancelled.get_json()["state"]) == (200, "cancelled")
    _work(own_shop)
    assert own_shop.storage.draft.count() == 5


def test_a_refused_file_says_so_in_the_job_as_it_does_at_once(own_shop: Shop) -> None:
    place = _submit(own_shop, b"question,answer\n,No question.\n").headers["Location"]
    _work(own_shop)
    job = own_shop.client("admin").get(place).get_json()
    assert (job["state"], job["error"]["code"]) == ("failed", "rows_refused")
    assert "line 2, column question" in job["error"]["message"]


def test_a_job_that_is_not_there_and_a_file_that_is_none_are_refused(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    assert "no job 77" in assert_error(admin.get("/api/v1/jobs/77"), 404, "job_not_found")
    assert_error(admin.get("/api/v1/jobs/77/rows"), 404, "job_not_found")
    assert_error(admin.post("/api/v1/jobs/77/cancel", json={}), 404, "job_not_found")
    assert_error(admin.get("/api/v1/jobs/1?wait=1000"), 422, "invalid_request")
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(b"%PDF"), "kb.pdf")})
    kind = f"multipart/form-data; boundary={boundary}"
    refused = admin.post("/api/v1/jobs/import", data=body, content_type=kind)
    assert_error(refused, 415, "unsupported_file_type")


GUESSED = "多久发货？,一般两天内发出\n怎么付款？,请扫码支付\n".encode()


def test_what_was_guessed_is_published_once_somebody_confirms_it(own_shop: Shop) -> None:
    admin = own_shop.client("admin")
    refused = _submit(own_shop, GUESSED, publish="true").headers["Location"]
    _work(own_shop)
    job = admin.get(refused).get_json()
    assert (job["state"], job["error"]["code"], job["version"]) == ("failed", "confirmation_needed", None)
    assert "column A as the question, column B as the answer" in job["error"]["details"][0]
    confirmed = _submit(own_shop, GUESSED, publish="true", confirmed="true").headers["Location"]
    _work(own_shop)
    assert admin.get(confirmed).get_json()["version"] == 2


def test_an_upload_says_which_columns_and_sheets_are_meant(own_shop: Shop) -> None:
    place = _submit(own_shop, "内部,对外\n多久,两天\n".encode(), map="question=内部\nanswer=对外").headers["Location"]
    _work(own_shop)
    report = own_shop.client("admin").get(place).get_json()["report"]
    assert (report["counts"]["new"], report["doubts"]) == (1, [])
    wrong = _submit(own_shop, GUESSED, map="price=A")
    assert_error(wrong, 422, "invalid_request")


def test_good_rows_are_taken_and_a_route_gives_the_others(own_shop: Shop) -> None:
    content = "question,answer\n能货到付款吗,可以\n,谁\n".encode()
    place = _submit(own_shop, content, skip_invalid="true").headers["Location"]
    _work(own_shop)
    report = own_shop.client("admin").get(place).get_json()["report"]
    assert (report["applied"], report["counts"]["new"], report["counts"]["invalid"]) == (True, 1, 1)
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(content), "kb.csv")})
    kind = f"multipart/form-data; boundary={boundary}"
    rejected = own_shop.client("admin").post("/api/v1/imports/rejected", data=body, content_type=kind)
    assert rejected.status_code == 200
    assert "谁" in rejected.get_data(as_text=True)
    assert "能货到付款吗" not in rejected.get_data(as_text=True)

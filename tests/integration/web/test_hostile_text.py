from __future__ import annotations

import json
import logging

import pytest
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, NoMoreData

from faqbot.services.answering.question_log import QuestionLog
from faqbot.services.values.origin import Origin
from faqbot.web.middleware.errors import problem_of
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop

HALF, NUL = "\ud800", "\0"
BODIES = (
    ("/api/v1/ask", {"question": "多久发货？{}"}),
    ("/api/v1/ask", {"question": "多久发货？", "filters": {"{}": "x"}}),
    ("/api/v1/similarity", {"a": "x", "b": "{}"}),
    ("/webhooks/rest/webhook", {"sender": "{}", "message": "多久发货？"}),
    ("/channels/deep-chat", {"messages": [{"text": "{}"}]}),
    ("/v1/chat/completions", {"model": "faqbot", "messages": [{"role": "user", "content": "{}"}]}),
    ("/language/:query-knowledgebases", {"question": "{}"}),
)


@pytest.mark.parametrize(("path", "body"), BODIES)
@pytest.mark.parametrize("unfit", [HALF, NUL])
@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-32", "utf-16-be"])
def test_no_door_takes_half_a_character_or_nul_in_any_coding(
    shop: Shop, path: str, body: object, unfit: str, coding: str
) -> None:
    escaped = json.dumps(body).replace("{}", json.dumps(unfit)[1:-1])
    raw = json.dumps(body, ensure_ascii=False).replace("{}", unfit)
    for text in (escaped, raw):
        data = text.encode(coding, "surrogatepass")
        response = shop.client().post(path, data=data, content_type="application/json")
        assert response.status_code == 400, (text, response.get_json())
    whole = json.dumps(body, ensure_ascii=False).replace("{}", "😀").encode(coding)
    assert shop.client().post(path, data=whole, content_type="application/json").status_code != 400


@pytest.mark.parametrize("path", ["/api/v1/lookup?q=a%00b", "/api/v1/entries/a%00b", "/api/v1/entries?ta%00g=x"])
def test_nul_in_an_address_is_refused_in_one_sentence(shop: Shop, path: str) -> None:
    assert "NUL" in assert_error(shop.client("admin").get(path), 422, "invalid_request")


@pytest.mark.parametrize("number", ["2147483648", "9" * 19, "9" * 30, "9" * 5000])
def test_a_number_that_no_database_takes_is_refused(shop: Shop, number: str) -> None:
    client = shop.client("admin")
    for path in (
        f"/api/v1/jobs/{number}",
        f"/api/v1/versions/{number}/checks",
        f"/api/v1/questions?after={number}",
        f"/api/v1/feedback?after={number}",
        f"/api/v1/audit?after={number}",
        f"/api/v1/jobs/1/rows?after={number}",
        f"/api/v1/versions/diff?earlier={number}",
    ):
        assert client.get(path).status_code in (404, 422), path
    for path, text in (
        ("/api/v1/versions/rollback", '{"version":%s}'),
        ("/api/v1/entries/bulk", '{"revisions":{"refund":%s},"set":{"category":"x"}}'),
        ("/api/v1/entries/bulk", '{"ids":["refund"],"expected":%s,"set":{"category":"x"}}'),
    ):
        response = client.post(path, data=text % number, content_type="application/json")
        assert response.status_code in (400, 422), path
    change = {"If-Match": f'"{number}"'}
    assert client.patch("/api/v1/entries/refund", json={"category": "x"}, headers=change).status_code == 422


def test_the_openapi_document_bounds_every_number_of_a_row(shop: Shop) -> None:
    paths = shop.client().get("/openapi.json").get_json()["paths"]
    unbounded = [
        (path, parameter["name"])
        for path, operations in paths.items()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if parameter["schema"].get("type") == "integer" and "maximum" not in parameter["schema"]
    ]
    assert not unbounded


def test_a_question_that_cannot_be_kept_takes_no_other_with_it(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    reply = shop.services.answering.ask("多久发货？")
    log = QuestionLog(shop.storage.questions, shop.storage.secrets, keep=100)
    for number in range(5):
        log.note(f"问题 {number}", "zh", reply, Origin("api", f"kept-{number}" + (HALF if number == 2 else ""), "s"))
    with caplog.at_level(logging.WARNING):
        log.close()
    kept = {question.request_id for question in shop.storage.questions.last(limit=100)}
    assert {f"kept-{number}" for number in (0, 1, 3, 4)} <= kept
    assert not any(one.startswith("kept-2") for one in kept)
    assert "1 questions were not kept" in caplog.text


@pytest.mark.parametrize("fault", [InvalidChunkSize(b"zz"), ChunkMissingTerminator(b"x"), NoMoreData()])
def test_a_body_in_malformed_chunks_is_the_callers_fault(
    shop: Shop, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with shop.app.test_request_context():
        assert problem_of(fault).status == 400
    assert not caplog.records


def test_a_question_is_no_longer_than_allowed_after_it_was_normalised_either(shop: Shop) -> None:
    # U+FDFA is one character of which NFKC makes 18: 55 give 990 characters, 56 give 1008.
    client = shop.client()
    assert client.post("/api/v1/ask", json={"question": "\ufdfa" * 55}).status_code == 200
    refused = client.post("/api/v1/ask", json={"question": "\ufdfa" * 56})
    assert "1008" in assert_error(refused, 422, refused.get_json()["error"]["code"])
    # 2,000 of them are 36,000 characters, above the 32,768 of a text.
    looked_up = client.post("/api/v1/lookup", json={"q": "\ufdfa" * 2000}, headers=_key(shop))
    assert looked_up.status_code == 422


def _key(shop: Shop) -> dict[str, str]:
    return {"X-API-Key": shop.keys["agent"]}

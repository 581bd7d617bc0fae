from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from faqbot.encoder import Encoder
from faqbot.errors import DatabaseUnavailable
from faqbot.services.admin.erasing import Erasing
from faqbot.services.answering.question_log import _WAITING, QuestionLog
from faqbot.services.values.origin import Origin
from faqbot.storage import Change
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

_ORIGIN = Origin("api", "r")


def test_a_question_is_kept_with_its_decision_but_without_who_asked(own_shop: Shop) -> None:
    reply = own_shop.client().post(
        "/api/v1/ask", json={"question": "多久发货？打 13812345678", "session_id": "13800001111"}
    )
    own_shop.client().post("/webhooks/rest/webhook", json={"sender": "13800001111", "message": "多久发货？"})
    own_shop.client().post("/api/v1/ask", json={"question": "今天天气怎么样"})
    own_shop.services.question_log.close()

    newest, rasa, first = own_shop.client("agent").get("/api/v1/questions").get_json()["questions"]
    assert first["text"] == "多久发货?打 [number]"
    assert first["request_id"] == reply.get_json()["request_id"]
    assert (rasa["verdict"], rasa["entry_id"], rasa["channel"]) == ("answer", "shipping", "rasa")
    assert (rasa["version"], rasa["language"], rasa["confidence"]) == (1, "zh", 1.0)
    assert rasa["session"] == first["session"] != ""
    assert "1380" not in rasa["session"]
    assert newest["session"] == ""
    assert newest["verdict"] != "answer"


def test_questions_are_listed_by_verdict_page_by_page(own_shop: Shop) -> None:
    for _ in range(3):
        own_shop.client().post("/api/v1/ask", json={"question": "多久发货？"})
    own_shop.services.question_log.close()
    agent = own_shop.client("agent")
    page = agent.get("/api/v1/questions?verdict=answer&limit=2").get_json()
    assert len(page["questions"]) == 2
    rest = agent.get(f"/api/v1/questions?verdict=answer&limit=2&after={page['next']}").get_json()
    assert (len(rest["questions"]), rest["next"]) == (1, None)
    assert agent.get("/api/v1/questions?verdict=fallback").get_json()["questions"] == []
    assert_error(agent.get("/api/v1/questions?verdict=maybe"), 422, "invalid_request")


def test_an_admin_lets_every_question_be_forgotten(own_shop: Shop) -> None:
    own_shop.client().post("/api/v1/ask", json={"question": "多久发货？"})
    own_shop.services.question_log.close()
    assert own_shop.client("admin").delete("/api/v1/questions").status_code == 204
    assert own_shop.storage.questions.last() == []
    newest = own_shop.client("admin").get("/api/v1/audit?limit=1").get_json()["changes"][0]
    assert (newest["action"], newest["before"], newest["after"]) == ("question.forget", {"questions": 1}, None)
    assert newest["actor"].startswith("key ")


def test_no_question_is_kept_where_the_setting_says_none(
    compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = open_shop(tmp_path_factory.mktemp("private"), compact_encoder, keep_questions=0)
    shop.client().post("/api/v1/ask", json={"question": "多久发货？"})
    shop.services.question_log.close()
    assert shop.storage.questions.last() == []
    shop.close()


def test_a_question_waits_neither_for_a_slow_database_nor_fails_with_a_broken_one(
    own_shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # The disk is what cannot be had slow and broken on purpose; the rest is real.
    blocked, tries = threading.Event(), threading.Event()

    def fail(*_: object, **__: object) -> None:
        tries.set()
        blocked.wait()
        raise DatabaseUnavailable("The disk is full.")

    monkeypatch.setattr(own_shop.storage.questions, "add", fail)
    log = own_shop.services.question_log
    client = own_shop.client()
    client.post("/api/v1/ask", json={"question": "多久发货？"})
    assert tries.wait(10)
    reply = own_shop.services.answering.ask("多久发货？")
    for _ in range(_WAITING + 5):
        log.note("多久发货？", "zh", reply, _ORIGIN)
    assert client.post("/api/v1/ask", json={"question": "多久发货？"}).status_code == 200
    blocked.set()
    with caplog.at_level(logging.WARNING):
        log.close()
    assert "7 questions were not kept" in caplog.text
    assert "The disk is full." in caplog.text


def test_what_waits_is_written_when_the_process_ends_and_the_bound_is_kept(own_shop: Shop) -> None:
    reply = own_shop.services.answering.ask("多久发货？")
    log = QuestionLog(own_shop.storage.questions, own_shop.storage.secrets, keep=2)
    for number in range(4):
        log.note(f"问题 {number}", "zh", reply, _ORIGIN)
    log.close()
    assert [question.text for question in own_shop.storage.questions.last()] == ["问题 3", "问题 2"]
    log.note("太晚了", "zh", reply, _ORIGIN)
    assert len(own_shop.storage.questions.last()) == 2
    QuestionLog(own_shop.storage.questions, own_shop.storage.secrets, keep=1).trim()
    assert len(own_shop.storage.questions.last()) == 1


def test_a_person_is_erased_by_the_session_that_the_channel_names(own_shop: Shop) -> None:
    for session in ("13812345678", "13912345678"):
        own_shop.client().post("/api/v1/ask", json={"question": "你们公司在哪个城市", "session_id": session})
    erase, admin = "/api/v1/questions/erase", own_shop.client("admin")
    assert_error(own_shop.client("agent").post(erase, json={"all": True}), 403, "forbidden")
    assert_error(admin.post(erase, json={}), 422, "invalid_request")
    assert_error(admin.post(erase, json={"all": True, "matching": "x"}), 422, "invalid_request")
    own_shop.storage.audit.record(Change("backup.write", "/backups/monday.zip"))
    # Those that still wait to be written go too.
    told = admin.post(erase, json={"session": "13812345678"}).get_json()
    assert told["erased"] == 1
    assert [one["file"] for one in told["backups"]] == ["/backups/monday.zip"]
    [kept] = admin.get("/api/v1/questions").get_json()["questions"]
    # As the list names it.
    assert admin.post(erase, json={"session": kept["session"]}).get_json()["erased"] == 1
    assert admin.get("/api/v1/questions").get_json()["questions"] == []


def test_questions_are_erased_by_age(own_shop: Shop) -> None:
    own_shop.client().post("/api/v1/ask", json={"question": "你们公司在哪个城市"})
    own_shop.services.question_log.flush()
    admin = own_shop.client("admin")
    assert_error(admin.post("/api/v1/questions/expire", json={}), 422, "invalid_request")
    assert admin.post("/api/v1/questions/expire", json={"days": 1}).get_json() == {"expired": 0}
    kept = own_shop.storage
    later = Erasing(kept.questions, kept.secrets, kept.audit, 30, clock=lambda: datetime.now(UTC) + timedelta(days=31))
    assert later.expire(32) == 0
    assert later.expire() == 1
    assert admin.get("/api/v1/questions").get_json()["questions"] == []


def test_what_becomes_too_old_goes_in_the_background(own_shop: Shop) -> None:
    own_shop.client().post("/api/v1/ask", json={"question": "你们公司在哪个城市"})
    own_shop.services.question_log.flush()
    kept = own_shop.storage
    later = Erasing(kept.questions, kept.secrets, kept.audit, 30, clock=lambda: datetime.now(UTC) + timedelta(days=31))
    later.start()
    try:
        end = time.monotonic() + 10
        while kept.questions.last() and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        later.stop()
    assert kept.questions.last() == []

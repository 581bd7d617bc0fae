from __future__ import annotations

from collections.abc import Iterator

import pytest

from faqbot.encoder import Encoder
from tests.documents import DOCUMENTS, RENTAL, SHORT
from tests.integration.web.failures import assert_error
from tests.integration.web.shop import Shop, open_shop

STOLEN = "车被偷了怎么赔"
COLD = "which batteries should I use when it is cold?"


@pytest.fixture(scope="module")
def library(compact_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Long answers; from a confidence of 0.6 on they are given."""
    folder = tmp_path_factory.mktemp("library")
    matching = {"answer_threshold": 0.6, "learn_from_traffic": False}
    opened = open_shop(folder, compact_encoder, entries=(*DOCUMENTS, *SHORT), matching=matching)
    yield opened
    opened.close()


def test_a_reply_says_which_part_of_a_long_answer_matched(library: Shop) -> None:
    reply = library.client().post("/api/v1/ask", json={"question": STOLEN}).get_json()
    assert (reply["verdict"], reply["entry_id"]) == ("answer", "rental")
    assert reply["answer"] == RENTAL.strip()
    passage = reply["passage"]
    assert list(passage) == ["text", "start", "end", "number", "of", "heading"]
    assert reply["answer"][passage["start"] : passage["end"]] == passage["text"]
    assert (passage["number"], passage["of"], passage["heading"]) == (5, 6, "损坏与丢失")
    assert reply["suggestions"][0]["passage"] == passage


def test_a_reply_that_the_questions_led_to_has_no_passage(library: Shop) -> None:
    reply = library.client().post("/api/v1/ask", json={"question": "租车协议"}).get_json()
    assert "passage" not in reply
    assert ["passage" in one for one in reply["suggestions"]] == [False] * len(reply["suggestions"])
    assert reply["suggestions"]


def test_agents_look_up_a_text_of_many_pages(library: Shop) -> None:
    client = library.client("agent")
    text = "# 事由\n\n" + "今天在办公室整理了一天的资料，没有什么特别的事情。" * 300 + f"\n\n# 问题\n\n{STOLEN}？"
    assert len(text) > 7000
    results = client.post("/api/v1/lookup", json={"q": text}).get_json()["results"]
    assert (results[0]["entry_id"], results[0]["passage"]["heading"]) == ("rental", "损坏与丢失")
    assert (
        client.post("/api/v1/lookup", json={"q": STOLEN, "top": 1}).get_json()["results"]
        == (client.get("/api/v1/lookup", query_string={"q": STOLEN, "top": 1}).get_json()["results"])
    )


def test_a_text_that_is_too_long_to_look_up_is_refused_with_the_limit(library: Shop) -> None:
    response = library.client("agent").post("/api/v1/lookup", json={"q": "x" * 32_769})
    assert "at most 32768" in assert_error(response, 422, "question_too_long")


def test_a_chat_gets_the_passage_and_where_it_stands_instead_of_pages(library: Shop) -> None:
    said = library.client().post("/webhooks/rest/webhook", json={"message": STOLEN}).get_json()
    text = "\n\n".join(message["text"] for message in said)
    assert text.startswith("**损坏与丢失**\n\n轮胎扎破由我们负责")
    assert text.endswith("（摘自「租车协议」，第 5 部分，共 6 部分）")
    assert "身份证" not in text


def test_a_chat_that_is_not_sure_shows_the_passage_above_the_choices(library: Shop) -> None:
    said = library.client().post("/webhooks/rest/webhook", json={"message": COLD}).get_json()
    text = "\n\n".join(message["text"] for message in said)
    assert text.startswith("**Power**\n\nThe camera takes eight AA cells.")
    assert "(From “The trail camera's manual”, part 2 of 5)\n\nDid you mean:" in text
    assert said[-1]["buttons"][0]["title"] == "The trail camera's manual"


def test_a_customer_who_chooses_a_long_answer_gets_the_part_that_had_matched(library: Shop) -> None:
    client = library.client()
    client.post("/webhooks/rest/webhook", json={"sender": "anna", "message": COLD})
    said = client.post("/webhooks/rest/webhook", json={"sender": "anna", "message": "1"}).get_json()
    text = "\n\n".join(message["text"] for message in said)
    assert text.startswith("**Power**\n\nThe camera takes eight AA cells.")
    assert "SIM card" not in text
    asked = {"question": "1", "session_id": "bert"}
    client.post("/api/v1/ask", json={**asked, "question": COLD})
    reply = client.post("/api/v1/ask", json=asked).get_json()
    assert (reply["decision"]["reason"], reply["entry_id"]) == ("chosen_suggestion", "camera")
    assert reply["passage"]["heading"] == "Power"
    assert "SIM card" in reply["answer"]

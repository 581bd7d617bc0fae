"""One decision function: a question gets the same entry, verdict and confidence through every door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.channels.served import Served

Decision = tuple[str, str | None, float]


QUESTIONS = ["如何申请退款？", "国外能收到吗", "退款", "钱到账要几天", "How tall is Mount Everest?", "refund please"]


def _recorded(path: str, body: Callable[[str], dict[str, Any]]) -> Callable[[FlaskClient, str], Decision]:
    """A door that says in `faqbot` what was decided."""

    def ask(client: FlaskClient, question: str) -> Decision:
        record = client.post(path, json=body(question)).get_json()["faqbot"]
        return record["verdict"], record["entry_id"], record["confidence"]

    return ask


DOORS = {
    "azure": _recorded("/language/:query-knowledgebases", lambda text: {"question": text}),
    "qna maker": _recorded("/knowledgebases/kb/generateAnswer", lambda text: {"question": text, "top": 3}),
    "openai": _recorded(
        "/v1/chat/completions", lambda text: {"model": "faqbot", "messages": [{"role": "user", "content": text}]}
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", DOORS)
def test_every_door_decides_as_the_api_does(door: Served, name: str, question: str) -> None:
    client = door.shop.client("ask")
    reply = client.post("/api/v1/ask", json={"question": question}).get_json()
    verdict, entry_id, confidence = DOORS[name](client, question)
    assert (verdict, entry_id) == (reply["verdict"], reply["entry_id"])
    assert confidence == pytest.approx(reply["confidence"], abs=1e-6)


def test_the_questions_above_meet_every_verdict(door: Served) -> None:
    client = door.shop.client("ask")
    asked = [client.post("/api/v1/ask", json={"question": question}).get_json() for question in QUESTIONS]
    assert {reply["verdict"] for reply in asked} == {"answer", "suggest", "fallback"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_doors_without_a_record_show_the_same_answer_or_the_same_suggestions(door: Served, question: str) -> None:
    client = door.shop.client("ask")
    reply = client.post("/api/v1/ask", json={"question": question}).get_json()
    deep_chat = client.post("/channels/deep-chat", json={"messages": [{"text": question}]}).get_json()
    rasa = client.post("/webhooks/rest/webhook", json={"message": question}).get_json()
    offered = reply["suggestions"] if reply["verdict"] == "suggest" else reply["prompts"]
    suggested = [one["question"] for one in offered]
    assert deep_chat["text"] == reply["answer"]
    assert deep_chat.get("html", "").count("</button>") == len(suggested)
    assert "\n\n".join(message["text"] for message in rasa) == reply["answer"]
    assert [button["payload"] for button in rasa[-1].get("buttons", [])] == suggested

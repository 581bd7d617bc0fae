from __future__ import annotations

from dataclasses import replace

from faqbot.channels.contract import entry_json, reply_json, report_json, similarity_json
from faqbot.knowledge import Entry
from faqbot.services.values.replies import ImportReport, RowVerdict, Similarity
from tests.unit.channels.replies import reply


def test_a_reply_has_exactly_the_fields_of_the_contract_in_their_order() -> None:
    body = reply_json(reply("suggest", "您是不是想问：", "如何申请退款？"), "r1")
    assert list(body) == [
        "verdict",
        "answer",
        "entry_id",
        "question",
        "confidence",
        "score",
        "scores",
        "suggestions",
        "decision",
        "prompts",
        "attachments",
        "related",
        "handoff",
        "request_id",
    ]
    assert body["scores"] == {"dense": 0.9, "sparse": 0.5, "colbert": 0.85}
    assert body["suggestions"] == [{"entry_id": "entry-0", "question": "如何申请退款？", "confidence": 0.5}]
    assert body["decision"] == {
        "reason": "above_answer_threshold",
        "answer_threshold": 0.8,
        "suggest_threshold": 0.15,
        "version": 3,
        "model": "compact",
        "excluded": [],
    }


def test_an_explanation_is_there_only_when_the_reply_has_one() -> None:
    plain = reply("answer", "七天内。")
    assert "explanation" not in reply_json(plain, "r1")
    assert reply_json(replace(plain, explanation={"wording": "退款"}), "r1")["explanation"] == {"wording": "退款"}


def test_a_comparison_names_its_model_beside_the_numbers() -> None:
    raw = {"dense": 0.8, "sparse": 0.1, "colbert": 0.7, "hybrid": 0.6}
    assert similarity_json(Similarity(0.5, 0.2, 0.4, 0.4, raw), "compact") == {
        "dense": 0.5,
        "sparse": 0.2,
        "colbert": 0.4,
        "hybrid": 0.4,
        "raw": raw,
        "model": "compact",
    }


def test_an_entry_has_the_column_names_of_a_knowledge_base_file() -> None:
    entry = Entry("refund", "如何退款", ("退钱",), "在订单页。", "zh", "退款", ("热门",))
    expected = {
        "id": "refund",
        "question": "如何退款",
        "similar": ["退钱"],
        "answer": "在订单页。",
        "language": "zh",
        "category": "退款",
        "tags": ["热门"],
        "enabled": True,
        "valid_from": "",
        "valid_until": "",
        "segments": [],
        "prompts": [],
        "attachments": [],
        "answer_threshold": None,
    }
    assert entry_json(entry) == expected
    assert entry_json(entry, 4) == {**expected, "revision": 4}


def test_a_report_counts_its_rows_by_verdict() -> None:
    rows = (RowVerdict(1, "a", "new"), RowVerdict(2, "", "invalid", "question", "It is empty."))
    body = report_json(ImportReport("a.csv", "utf-8", rows, applied=False))
    assert {verdict: count for verdict, count in body["counts"].items() if count} == {"new": 1, "invalid": 1}
    assert body["rows"] == [
        {"line": 1, "entry_id": "a", "verdict": "new", "column": "", "message": ""},
        {"line": 2, "entry_id": "", "verdict": "invalid", "column": "question", "message": "It is empty."},
    ]

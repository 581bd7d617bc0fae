from __future__ import annotations

from dataclasses import replace

from faqbot.contract import to_json
from faqbot.passages import Passage
from faqbot.services.values.imports import ImportReport, ImportSummary, RowVerdict, counts_of
from faqbot.services.values.replies import Similarity, Suggestion
from tests.unit.channels.replies import reply


def test_a_reply_has_exactly_the_fields_of_the_contract_in_their_order() -> None:
    body = to_json(replace(reply("suggest", "您是不是想问：", "如何申请退款？"), request_id="r1"))
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
    assert (body["handoff"], body["request_id"]) == (None, "r1")


def test_an_explanation_is_there_only_when_the_reply_has_one() -> None:
    plain = reply("answer", "七天内。")
    assert "explanation" not in to_json(plain)
    assert to_json(replace(plain, explanation={"wording": "退款"}))["explanation"] == {"wording": "退款"}


def test_a_passage_is_shown_by_its_place_in_the_answer() -> None:
    passage = Passage("handbook", "handbook", "自行车可以租到晚上。", 120, 130, 3, 9, "租车 > 时间")
    shown = {"text": "自行车可以租到晚上。", "start": 120, "end": 130, "number": 3, "of": 9, "heading": "租车 > 时间"}
    assert to_json(Suggestion("handbook", "租车须知", 0.4, passage))["passage"] == shown
    assert to_json(replace(reply("answer", "七天内。"), passage=passage))["passage"] == shown


def test_a_comparison_names_its_model_beside_the_numbers() -> None:
    raw = {"dense": 0.8, "sparse": 0.1, "colbert": 0.7, "hybrid": 0.6}
    assert to_json(Similarity(0.5, 0.2, 0.4, 0.4, raw, "compact")) == {
        "dense": 0.5,
        "sparse": 0.2,
        "colbert": 0.4,
        "hybrid": 0.4,
        "raw": raw,
        "model": "compact",
    }


def test_a_report_counts_its_rows_by_verdict_and_its_summary_leaves_them_out() -> None:
    rows = (RowVerdict(1, "a", "new"), RowVerdict(2, "", "invalid", "question", "It is empty."))
    counts = {"new": 1, "changed": 0, "same": 0, "duplicate": 0, "conflict": 0, "invalid": 1}
    assert counts_of(rows) == counts
    summary = ("a.csv", "utf-8", "", False, counts, 0, (), (), ())
    assert to_json(ImportReport(*summary, rows)) == {
        **to_json(ImportSummary(*summary)),
        "rows": [
            {"line": 1, "entry_id": "a", "verdict": "new", "column": "", "message": "", "sheet": ""},
            {
                "line": 2,
                "entry_id": "",
                "verdict": "invalid",
                "column": "question",
                "message": "It is empty.",
                "sheet": "",
            },
        ],
    }

"""Weixin's dialogue platform, FastGPT, MaxKB and Dify: files in their layouts, the contents are our own."""

from __future__ import annotations

import json

from faqbot.formats import derived_id, read_bytes
from faqbot.knowledge import Entry
from tests.unit.formats.vendors.reading import entries, lost, read_json, read_sheets

WEIXIN = (
    "技能名称,标准问题,标准问题的相似度阈值,补充用户问法（多个用##分隔）,机器人回答（多个用##分隔）,意图优先级,是否禁用\n"
    "售后,怎么退货,0.9,我要退货##退货流程,在订单页LINE_BREAK点退货##请找客服,,否\n"
    "售后,退货要钱吗,0.75,,七天内免费,2,是\n"
)


def test_weixin_keeps_questions_answer_category_threshold_and_state() -> None:
    parsed = read_bytes(WEIXIN.encode("gb18030"), "skill.csv")
    assert (parsed.origin, parsed.encoding) == ("Weixin dialogue platform", "gb18030")
    assert entries(parsed) == [
        Entry(derived_id("怎么退货"), "怎么退货", ("我要退货", "退货流程"), "在订单页\n点退货", category="售后"),
        Entry(
            derived_id("退货要钱吗"),
            "退货要钱吗",
            answer="七天内免费",
            category="售后",
            enabled=False,
            answer_threshold=0.75,
        ),
    ]
    assert lost(parsed) == {"机器人回答": 1, "标准问题的相似度阈值": 1, "意图优先级": 1}


def test_weixins_import_json_is_read_too() -> None:
    item = {
        "skill": "售后",
        "intent": "怎么退货",
        "threshold": "0.9",
        "disable": True,
        "questions": ["怎么退货", "我要退货"],
        "answers": ["在订单页"],
    }
    for value in ({"mode": 0, "data": [item]}, [item]):
        assert entries(read_json(value)) == [
            Entry(derived_id("怎么退货"), "怎么退货", ("我要退货",), "在订单页", category="售后", enabled=False)
        ]


def test_fastgpt_reads_index_cells_and_leaves_copies_out() -> None:
    csv = (
        "q,a,indexes\n"
        '"怎么退货？","在订单页点退货。","1. 我要退货\n2. 退货流程","怎么退货？在订单页点退货。"\n'
        f'"{"很长的一段说明。" * 30}","",\n'
        '"运费谁出？","我们出。","[""邮费呢"",""运费谁出""]"\n'
    )
    parsed = read_bytes(csv.encode(), "data.csv")
    assert parsed.origin == "FastGPT"
    assert entries(parsed) == [
        Entry(derived_id("怎么退货？"), "怎么退货？", ("我要退货", "退货流程"), "在订单页点退货。"),
        Entry(derived_id("运费谁出？"), "运费谁出？", ("邮费呢",), "我们出。"),
    ]
    assert lost(parsed) == {"indexes": 2, "passages": 1}


def test_fastgpts_newer_columns_count_their_metadata() -> None:
    parsed = read_bytes(b'q,a,index,metadata\nWho?,Me.,Who are you?,"{""source"":""excel""}"\n', "data.csv")
    assert entries(parsed) == [Entry(derived_id("Who?"), "Who?", ("Who are you?",), "Me.")]
    assert lost(parsed) == {"metadata": 1}


def test_maxkb_reads_every_sheet_of_segments() -> None:
    heading: list[object] = [
        "分段标题（选填）",
        "分段内容（必填，问题答案，最长不超过4096个字符）",
        "问题（选填，单元格内一行一个）",
    ]
    parsed = read_sheets(
        ("退货.docx", [heading, ["退货政策", "七天内可退。", "可以退货吗\n能退吗"], ["怎么寄回", "用原包装。", ""]]),
        ("发票.docx", [heading, ["", "在订单页。", "怎么开发票"], ["", "无人认领的一段。", ""]]),
    )
    assert parsed.origin == "MaxKB"
    assert entries(parsed) == [
        Entry(derived_id("可以退货吗"), "可以退货吗", ("能退吗",), "七天内可退。", category="退货政策"),
        Entry(derived_id("怎么寄回"), "怎么寄回", answer="用原包装。"),
        Entry(derived_id("怎么开发票"), "怎么开发票", answer="在订单页。"),
    ]
    assert lost(parsed) == {"text segments": 1}


def test_difys_csv_is_ours_and_its_guarded_cells_come_back() -> None:
    parsed = read_bytes("\ufeff问题,答案\n'=1+1 等于几,'-2 不是\n".encode(), "annotations-zh-Hans.csv")
    assert parsed.origin == ""
    assert entries(parsed) == [Entry(derived_id("=1+1 等于几"), "=1+1 等于几", answer="-2 不是")]


def test_difys_chat_lines_are_questions_with_their_answers() -> None:
    def line(*said: tuple[str, str]) -> str:
        return json.dumps({"messages": [{"role": role, "content": content} for role, content in said]})

    lines = [
        line(("system", ""), ("user", "Open?"), ("assistant", "Nine to five.")),
        line(("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello"), ("user", "Bye"), ("assistant", "Bye")),
        "{",
    ]
    parsed = read_bytes("\n".join(lines).encode(), "annotations.jsonl")
    assert parsed.origin == "Dify"
    assert [entry for _, entry in parsed.entries] == [Entry(derived_id("Open?"), "Open?", answer="Nine to five.")]
    assert sorted((error.line, error.column) for error in parsed.errors) == [(2, "messages"), (3, "")]
    assert lost(parsed) == {"system messages": 1}


def test_difys_api_listing_is_read_too() -> None:
    item = {"id": "6b1", "question": "Open?", "answer": "Nine to five.", "hit_count": 3, "created_at": 1735625869}
    parsed = read_json({"data": [item], "has_more": False, "total": 1})
    assert entries(parsed) == [Entry(derived_id("Open?"), "Open?", answer="Nine to five.")]
    assert lost(parsed) == {"hit_count": 1}

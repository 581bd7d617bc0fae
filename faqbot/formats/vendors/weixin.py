"""The Weixin dialogue platform (微信对话开放平台): its csv download, and the JSON of its import interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from faqbot.formats.rows.losses import Losses
from faqbot.formats.rows.rows import Row
from faqbot.formats.vendors.dialect import JsonDialect, Record, TableDialect, listed, plain
from faqbot.language import _

# What the platform fills in by itself, so nobody has chosen it.
_DEFAULT_THRESHOLD = 0.9
_ANSWERS = _("an entry has one answer; the first is taken")
_THRESHOLD = _("the platform's own default; the threshold is learned here")
# Some headings carry an explanation in brackets behind them, and the manual has shorter ones than the download.
_COLUMNS = {
    "skill": ("技能名称",),
    "intent": ("标准问题",),
    "threshold": ("标准问题的相似度阈值", "相似度阈值"),
    "questions": ("补充用户问", "用户问题"),
    "answers": ("机器人回答",),
    "priority": ("意图优先级",),
    "disable": ("是否禁用",),
}


def _from_table(records: Sequence[Record], losses: Losses) -> Iterator[Row]:
    for record in records:
        item = {name: _cell(record, headings) for name, headings in _COLUMNS.items()}
        losses.add("意图优先级", count=int(bool(item["priority"])))
        yield _row(record.line, item, _parts(item["questions"]), _parts(item["answers"]), losses)


def _from_json(records: Sequence[Record], _whole: object, losses: Losses) -> Iterator[Row]:
    for record in records:
        item = {name: plain(record.values.get(name)) for name in ("skill", "intent", "threshold", "disable")}
        questions, answers = (
            [plain(value) for value in listed(record.values.get(name))] for name in ("questions", "answers")
        )
        yield _row(record.line, item, questions, answers, losses)


def _row(line: int, item: Mapping[str, str], questions: list[str], answers: list[str], losses: Losses) -> Row:
    losses.add("机器人回答", _ANSWERS, max(len(answers) - 1, 0))
    threshold = item["threshold"]
    if _is_default(threshold):
        losses.add("标准问题的相似度阈值", _THRESHOLD)
        threshold = ""
    values: dict[str, object] = {
        "question": item["intent"],
        "similar": [question for question in questions if question != item["intent"]],
        "answer": answers[0].replace("LINE_BREAK", "\n") if answers else "",
        "category": item["skill"],
        "enabled": item["disable"].casefold() not in ("true", "1", "是", "yes"),
        "answer_threshold": threshold,
    }
    return Row(line, values)


def _is_default(threshold: str) -> bool:
    try:
        return float(threshold) == _DEFAULT_THRESHOLD
    except ValueError:
        return False


def _cell(record: Record, headings: tuple[str, ...]) -> str:
    exact = [heading for heading in headings if heading in record.values]
    similar = [name for name in record.values if name.startswith(headings)]
    return record.text((exact or similar or [""])[0])


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("##") if part.strip()]


def _is_table(headings: Sequence[str]) -> bool:
    return "技能名称" in headings and any(heading.startswith("机器人回答") for heading in headings)


def _is_record(names: frozenset[str]) -> bool:
    return {"skill", "intent", "answers"} <= names


TABLES = (TableDialect("Weixin dialogue platform", _is_table, _from_table),)
JSONS = (
    JsonDialect("Weixin dialogue platform", ("data",), _is_record, _from_json),
    JsonDialect("Weixin dialogue platform", (), _is_record, _from_json),
)

"""How many of 30 planted conflicts are found in a thousand entries, and how many by cosine at as many false alarms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from benchmarks.report import Row, report
from faqbot.bootstrap import starter_file
from faqbot.encoder.opening import open_encoder
from faqbot.formats import read_rows
from faqbot.knowledge import Entry, match_key, wordings_of
from faqbot.services.checks.duplicates import CERTAIN, LISTED, find_duplicates
from faqbot.settings import EncoderSettings

GOLD = Path(__file__).resolve().parents[1] / "tests" / "integration" / "services" / "conflicts.jsonl"
_ZH_THINGS = """
洗衣机; 冰箱; 空调; 电饭煲; 微波炉; 吸尘器; 扫地机器人; 热水器; 净水器; 油烟机; 电视; 音箱; 投影仪; 打印机;
路由器; 门锁; 摄像头; 手表; 耳机; 台灯; 加湿器; 除湿机; 风扇; 电暖器; 豆浆机
"""
_ZH_QUESTIONS = """
怎么安装; 怎么清洗; 保修多久; 不通电怎么办; 噪音太大怎么办; 怎么连接手机; 耗电量是多少; 怎么恢复出厂设置;
漏水怎么办; 怎么报修; 有哪些颜色; 怎么升级固件; 最多能用几年; 配件在哪里买; 可以以旧换新吗
"""
_EN_THINGS = """
lawn mower; tent; bicycle; guitar; toaster; kettle; drone; mattress; sofa; backpack; stroller; treadmill;
e-scooter; telescope; piano; sewing machine; chainsaw; wheelchair; helmet; sleeping bag; hammock;
rowing machine; snowboard; typewriter; trampoline
"""
_EN_QUESTIONS = """
How do I install the {}?; How do I clean the {}?; How long is the warranty of the {}?;
The {} does not start, what can I do?; Why is the {} so loud?; How do I connect the {} to my phone?;
How much power does the {} use?; How do I reset the {}?; The {} is leaking, what now?; Who repairs the {}?;
Which colours does the {} come in?; How do I update the firmware of the {}?; How many years does the {} last?;
Where do I buy spare parts for the {}?
"""


def generated(things: int = 25) -> list[Entry]:
    """Entries that resemble one another closely and are all different: so many things in each language."""
    questions = [thing + question for question in _listed(_ZH_QUESTIONS) for thing in _listed(_ZH_THINGS)[:things]]
    questions += [
        question.format(thing) for question in _listed(_EN_QUESTIONS) for thing in _listed(_EN_THINGS)[:things]
    ]
    return [Entry(f"made-{n}", text, (), f"说明书第 {n} 页 / page {n}") for n, text in enumerate(questions)]


def planted() -> tuple[list[Entry], dict[tuple[str, str], str]]:
    """Pairs of our own, and per pair of ids what it is: `conflict`, `same` (answer) or `different` (question)."""
    entries: list[Entry] = []
    kinds: dict[tuple[str, str], str] = {}
    for number, line in enumerate(GOLD.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        ids = (f"pair-{number}a", f"pair-{number}b")
        kinds[ids] = row["kind"]
        entries += [
            Entry(entry_id, question, (), answer)
            for entry_id, question, answer in zip(ids, row["questions"], row["answers"], strict=True)
        ]
    return entries, kinds


def rows() -> list[Row]:
    """Conflicts found of 30, at the listing threshold and at the one that stops a publication."""
    encoder = open_encoder(EncoderSettings(model="compact"))
    entries, kinds = planted()
    entries += generated() + [entry for _, entry in read_rows(starter_file()).entries]
    wordings = wordings_of(entries)
    encodings = encoder.encode([wording.text for wording in wordings])
    pairs = [pair for pair in find_duplicates(entries, encodings, encoder) if pair.conflict]
    found = []
    for name, threshold in (("listed", LISTED), ("stopping a publication", CERTAIN)):
        ours = [kinds.get(_sorted(pair.entry_ids)) == "conflict" for pair in pairs if pair.score >= threshold]
        alarms = len(ours) - sum(ours)
        rival = _by_cosine(entries, np.stack([e.dense for e in encodings]), kinds, alarms)
        label = f"conflicts of 30 among {len(entries)} entries, {name}: {alarms} false alarms"
        found.append(Row(label, sum(ours), rival, "plain cosine", "found", round(sum(ours) / max(1, rival), 2)))
    return found


def _by_cosine(entries: list[Entry], dense: np.ndarray, kinds: dict[tuple[str, str], str], alarms: int) -> int:
    """How many conflicts come before so many false alarms when standard questions are ranked by cosine."""
    firsts = np.cumsum([0, *(len(entry.wordings) for entry in entries)])[:-1]
    products = dense[firsts] @ dense[firsts].T
    order = np.argsort(-products[np.triu_indices(len(entries), 1)])
    above, below = np.triu_indices(len(entries), 1)
    hits = misses = 0
    for place in order:
        a, b = entries[above[place]], entries[below[place]]
        if a.topic == b.topic or match_key(a.answer) == match_key(b.answer):
            continue
        if kinds.get(_sorted((a.entry_id, b.entry_id))) == "conflict":
            hits += 1
        else:
            misses += 1
        if misses > alarms:
            break
    return hits


def _listed(lines: str) -> list[str]:
    return [part.strip() for part in lines.replace("\n", " ").split(";")]


def _sorted(ids: tuple[str, str]) -> tuple[str, str]:
    return (ids[0], ids[1]) if ids[0] < ids[1] else (ids[1], ids[0])


if __name__ == "__main__":
    report("Planted conflicts", rows)

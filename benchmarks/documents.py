"""Questions that only long answers hold, asked of the starter knowledge base with two documents among its entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.report import Row, report
from faqbot.bootstrap import starter_file
from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.evaluation.evaluator import evaluate
from faqbot.evaluation.queries import LabelledQuery
from faqbot.formats import read_rows
from faqbot.knowledge import Entry
from faqbot.settings import EncoderSettings
from tests.documents import DOCUMENTS

QUESTIONS = {
    "rental": (
        "电动车要交多少押金",
        "信用分高可以不交押金吗",
        "取车的时候带什么证件",
        "身份证复印件可以取车吗",
        "十五岁能租电动车吗",
        "可以在别的门店还车吗",
        "异地还车要多少钱",
        "晚上关门以后怎么还车",
        "轮胎扎破了要赔吗",
        "车身刮花了怎么赔",
        "租的车被人偷了怎么办",
        "下暴雨可以免费取消租车吗",
    ),
    "camera": (
        "which batteries are best for the camera when it is cold",
        "how long do the batteries of the camera last",
        "can I connect the camera to an external battery",
        "how big may the memory card of the camera be",
        "what does LOCK on the camera's display mean",
        "at which height should I hang the trail camera",
        "leaves keep triggering the camera",
        "does the camera need a SIM card",
        "the camera's signal is weak in the forest",
        "how much data does the camera send",
    ),
}


def rows() -> list[Row]:
    """Ask with the long answers, and with only their questions."""
    encoder = open_encoder(EncoderSettings(model="compact"))
    starter = [entry for _, entry in read_rows(starter_file()).entries]
    queries = [LabelledQuery(text, frozenset((name,))) for name, texts in QUESTIONS.items() for text in texts]
    shortened = [replace(entry, answer="short") for entry in DOCUMENTS]
    first, listed = _found([*starter, *DOCUMENTS], queries, encoder)
    first_alone, listed_alone = _found([*starter, *shortened], queries, encoder)
    unit = f"of {len(queries)}"
    return [
        Row("right entry first", first, first_alone, "the questions alone", unit, round(first / first_alone, 2)),
        Row("among the first five", listed, listed_alone, "the questions alone", unit, round(listed / listed_alone, 2)),
    ]


def _found(entries: Sequence[Entry], queries: Sequence[LabelledQuery], encoder: Encoder) -> tuple[int, int]:
    metrics = evaluate(entries, queries, encoder).faqbot
    return round((metrics.hit_at_1 or 0) * len(queries)), round((metrics.hit_at_5 or 0) * len(queries))


if __name__ == "__main__":
    report("Questions that only long answers hold", rows)

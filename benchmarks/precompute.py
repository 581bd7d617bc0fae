"""Encoding a knowledge base before it is published, against FlagEmbedding's own `encode()` on the same checkpoint.

Ours is what publishing does: it finds what is missing, encodes it, and writes it to a SQLite file as it goes; the rival
encodes and keeps everything in memory. Both run once, as long jobs do, in turn by quarters so that neither has the
machine at a better hour; of a large job the rival gets 400 wordings, spread evenly, since its rate does not change.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import flag_embedding
from benchmarks.checkpoints import model_of
from benchmarks.flag_embedding import open_flag_embedding
from benchmarks.report import Row, report
from faqbot.encoder import Encoder
from faqbot.encoder.opening import open_encoder
from faqbot.services.answering.vectors import StoredVectors
from faqbot.settings import EncoderSettings, StorageSettings
from faqbot.storage import open_storage

SIZES = (400,)

_PARTS = 4
_ENOUGH = 400
"""So many wordings tell the rival's rate."""
_SUBJECTS = ("订单", "退款", "发票", "会员", "the parcel", "my password", "优惠券", "an invoice", "物流", "the coupon")
_ASKING = ("怎么查", "什么时候到", "为什么没有", "How do I change", "When will I get", "能不能取消", "I have lost")
_BESIDE = (
    "我昨天下午在你们店里买了两件衣服，付款以后页面一直没有反应，客服也没有人回复，after that I tried it on my phone"
)


def rows(sizes: Sequence[int] = SIZES) -> list[Row]:
    """One job per size, in wordings a second."""
    encoder = open_encoder(EncoderSettings(model="compact", device="cpu"))
    with model_of("compact") as model:
        rival = partial(flag_embedding.encode, open_flag_embedding(model))
    return [_row(_texts(size), encoder, rival) for size in sizes]


def _row(texts: Sequence[str], encoder: Encoder, rival: Callable[[Sequence[str]], object]) -> Row:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_storage(StorageSettings(database_url=f"sqlite:///{Path(folder)}/faqbot.db")) as storage,
    ):
        vectors = StoredVectors(storage.vectors, encoder)

        def ours(part: Sequence[str]) -> None:
            vectors.prepare(part)

        mine, other = _rates((ours, texts), (rival, texts[:: max(1, len(texts) // _ENOUGH)]))
    name = f"{len(texts)} wordings of 4 to 70 tokens"
    return Row(name, mine, other, "FlagEmbedding encode()", "a second", round(mine / other, 2))


def _rates(*jobs: tuple[Callable[[Sequence[str]], object], Sequence[str]]) -> list[float]:
    """Wordings a second of each way of encoding, for the wordings beside it."""
    spent = [0.0] * len(jobs)
    for way, _ in jobs:
        way(_texts(8, seed=2))
    for start in range(_PARTS):
        for number, (way, texts) in enumerate(jobs):
            begun = time.perf_counter()
            way(texts[start::_PARTS])
            spent[number] += time.perf_counter() - begun
    return [round(len(texts) / seconds, 1) for (_, texts), seconds in zip(jobs, spent, strict=True)]


def _texts(size: int, seed: int = 1) -> list[str]:
    """Made-up questions, no two alike; most are short, some long, as customers write."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(size):
        beside = _BESIDE[: int(random.exponential(30))]
        found.append(f"{random.choice(_ASKING)}{random.choice(_SUBJECTS)}{seed}{number} {beside}")
    return found


if __name__ == "__main__":
    report("Encoding before publishing, compact model", rows, SIZES)

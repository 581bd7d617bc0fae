"""Encoding with the compact model, against FlagEmbedding's own `encode()` on the same checkpoint."""

from __future__ import annotations

import warnings
from collections.abc import Callable

from benchmarks.report import Row, compare, report
from faqbot.encoder.catalogue import describe_model
from faqbot.encoder.opening import open_encoder
from faqbot.settings import EncoderSettings

_QUESTION = "我上周买的手机一直没有收到货，订单显示已经签收了，请问应该怎么办？"
_TEXTS = [f"{_QUESTION[: 12 + place % 20]}{place}" for place in range(32)]
_RIVAL = "FlagEmbedding encode()"


def rows() -> list[Row]:
    """One question, and batches of 8 and 32."""
    settings = EncoderSettings(model="compact", device="cpu")
    ours = open_encoder(settings)
    rival = _flag_embedding(str(describe_model("compact", settings).folder))
    return [
        compare(
            f"{count} at a time", _RIVAL, lambda texts=_TEXTS[:count]: ours.encode(texts), rival(_TEXTS[:count]), rounds
        )
        for count, rounds in ((1, 20), (8, 10), (32, 5))
    ]


def _flag_embedding(folder: str) -> Callable[[list[str]], Callable[[], object]]:
    warnings.simplefilter("ignore")
    from FlagEmbedding import BGEM3FlagModel

    model = BGEM3FlagModel(
        folder,
        pooling_method="mean",
        use_fp16=False,
        devices="cpu",
        query_instruction_for_retrieval="query: ",
        return_sparse=True,
        return_colbert_vecs=True,
    )
    return lambda texts: lambda: model.encode_queries(texts, batch_size=32, max_length=256)


if __name__ == "__main__":
    report("Encoding, compact model", rows)

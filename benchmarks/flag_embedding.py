"""FlagEmbedding's `encode()`, the usual way."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import redirect_stderr
from io import StringIO
from typing import Any

from benchmarks.checkpoints import Model


def open_flag_embedding(model: Model) -> Any:  # noqa: ANN401  # It has no types.
    """A `BGEM3FlagModel` that gives all three modes, in fp32 on the CPU."""
    warnings.simplefilter("ignore")
    from FlagEmbedding import BGEM3FlagModel

    return BGEM3FlagModel(
        str(model.folder),
        pooling_method=model.pooling,
        use_fp16=False,
        devices="cpu",
        query_instruction_for_retrieval=model.instruction,
        return_sparse=True,
        return_colbert_vecs=True,
    )


def encode(rival: Any, texts: Sequence[str]) -> None:  # noqa: ANN401
    """Encode without the progress bars, which it cannot be told to leave out."""
    with redirect_stderr(StringIO()):
        rival.encode_queries(list(texts), batch_size=32, max_length=256)

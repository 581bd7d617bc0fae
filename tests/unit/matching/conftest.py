from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.search.index import WordingIndex


def unit(*values: float) -> Encoding:
    """An encoding whose only token vector is its dense vector, with token ids 1.. where a value is positive."""
    vector = np.array(values, dtype=np.float32)
    vector /= np.linalg.norm(vector)
    return Encoding(vector, {i + 1: float(v) for i, v in enumerate(vector) if v > 0}, vector[None, :])


@pytest.fixture
def index() -> WordingIndex:
    """Topic a has two wordings, b and c one each."""
    wordings = [
        Wording("a", "a", "怎么退款？"),
        Wording("a", "a", "我要退钱"),
        Wording("b", "b", "怎么开发票"),
        Wording("c", "c", "怎么退款到银行卡"),
    ]
    return WordingIndex(wordings, [unit(1, 0, 0), unit(0.9, 0.1, 0), unit(0, 1, 0), unit(0.7, 0, 0.7)])

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from faqbot.matching.decision.learned_bytes import pack, unpack
from faqbot.matching.model.label_shift import CAUTIOUS_SHARE
from faqbot.matching.model.thresholds import Sample, choose_thresholds
from faqbot.matching.passages.model import LearnedPassages, PassageModel
from faqbot.matching.search.index import WordingIndex
from tests.contracts.cosine_matcher import CosineMatcher


@pytest.fixture
def passages() -> LearnedPassages:
    """As learned from four questions, so that the thresholds have a table and an interval."""
    confidence = np.array([0.2, 0.4, 0.8, 0.9])
    right = np.array([0.0, 0.0, 1.0, 1.0])
    sample = Sample(confidence, 1 - confidence, right, np.full(4, np.nan), right > 0, "passages", CAUTIOUS_SHARE)
    return LearnedPassages(PassageModel(6.0, 7.0, 8.0), choose_thresholds(sample, 0.5, "default"), "abc")


def test_the_matcher_and_the_passages_come_back(index: WordingIndex, passages: LearnedPassages) -> None:
    matcher = CosineMatcher.learn(index)
    assert passages.thresholds.reliability
    assert passages.thresholds.interval
    assert unpack(pack(matcher, passages)) == (matcher.to_bytes(), passages)
    assert unpack(pack(matcher, None)) == (matcher.to_bytes(), None)


@pytest.mark.parametrize("has_passages", [True, False])
def test_what_release_0_1_0_kept_is_read(passages: LearnedPassages, has_passages: bool) -> None:
    facts = {"method": "closed_form", "passages": passages.to_json() if has_passages else None}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, facts=np.array(json.dumps(facts)), model=np.zeros(3))
    assert unpack(buffer.getvalue()) == (buffer.getvalue(), passages if has_passages else None)


def _zip(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize("data", [b"", b"not a zip", _zip(other=np.zeros(2)), _zip(facts=np.array('{"passages": 3}'))])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="do not hold"):
        unpack(data)

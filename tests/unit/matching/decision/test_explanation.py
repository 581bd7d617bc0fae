from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.decision.decision import Decider, Question
from faqbot.matching.decision.explanation import explain
from faqbot.matching.decision.verdict import Bounds
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.scoring import Scale
from tests.contracts.cosine_matcher import CosineMatcher

# The wording's two tokens lie along the axes; the question shares the first and lies between both with the second.
WORDING = Encoding(
    np.array([0.6, 0.8], np.float32), {1: 2.0, 2: 1.0}, np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
)
OTHER = Encoding(np.array([1.0, 0.0], np.float32), {3: 1.0}, np.array([[-1.0, 0.0]], dtype=np.float32))
ASKED = Encoding(np.array([0.0, 1.0], np.float32), {1: 0.5, 4: 1.0}, np.array([[1, 0], [0.8, 0.6]], dtype=np.float32))
SCALE = Scale(dense=0.6, colbert=0.5)


@pytest.fixture
def explained() -> dict[str, Any]:
    index = WordingIndex([Wording("a", "a", "怎么退款"), Wording("b", "b", "怎么开发票")], [WORDING, OTHER])
    decider = Decider(index, CosineMatcher.learn(index), SCALE)
    question = Question("怎麼退款吗", "怎么退款吗", ASKED)
    judgement = decider.judge(question, Bounds(0.9, 0.1))
    tokens = [(1, "退"), (4, "吗")], [(1, "退"), (2, "款")]
    return explain(decider, judgement, question, *tokens)


def test_contributions_are_those_computed_by_hand_and_add_up(explained: dict[str, Any]) -> None:
    # Dense: (0.8 - 0.6) / 0.4. Sparse: 0.5 * 2 over the lengths sqrt(1.25) and sqrt(5). ColBERT: the mean of 1 and 0.8
    # is 0.9, and (0.9 - 0.5) / 0.5. They count 0.4, 0.2 and 0.4.
    expected = {"dense": 0.4 * 0.5, "sparse": 0.2 * 0.4, "colbert": 0.4 * 0.8}
    assert explained["contributions"] == pytest.approx(expected, abs=1e-3)
    assert explained["hybrid_score"] == pytest.approx(0.6, abs=1e-3)
    assert explained["raw"] == pytest.approx({"dense": 0.8, "sparse": 1.0, "colbert": 0.9}, abs=1e-3)


def test_shared_tokens_and_best_pairs_make_up_their_modes(explained: dict[str, Any]) -> None:
    [token] = explained["sparse_tokens"]
    assert (token["token"], token["question_weight"], token["wording_weight"]) == ("退", 0.5, 2.0)
    assert token["contribution"] == pytest.approx(0.08, abs=1e-3)
    first, second = explained["colbert_pairs"]
    assert (first["question_token"], first["wording_token"]) == ("退", "退")
    # Half the tokens each: 0.4 * (1 - 0.5) / 0.5 / 2, and 0.4 * (0.8 - 0.5) / 0.5 / 2.
    assert first["contribution"] == pytest.approx(0.2, abs=1e-3)
    assert second["contribution"] == pytest.approx(0.12, abs=1e-3)


def test_what_was_read_otherwise_and_typed_otherwise_is_named(explained: dict[str, Any]) -> None:
    assert explained["wording"] == "怎么退款"
    assert explained["respelt"] == "怎么退款吗"
    assert explained["typed_differently"] == [{"question": "吗", "wording": ""}]
    assert explained["passage"] is None


def test_the_matcher_says_what_its_evidence_means_and_added(explained: dict[str, Any]) -> None:
    learned = explained["learned"]
    assert learned["meanings"] == {"cosine": "cosine of the nearest wording"}
    assert learned["evidence"] == pytest.approx({"cosine": 0.8}, abs=1e-6)
    # The cosine matcher's sharpness is 15.
    assert learned["contributions"] == pytest.approx({"cosine": 12.0}, abs=1e-4)
    assert learned["logit"] == pytest.approx(12.0, abs=1e-4)
    nothing = learned["nothing_fits"]
    assert nothing["logit"] == pytest.approx(sum(nothing["contributions"].values()))
    # Confidences are powers of e over their sum: 12 against what nothing fits weighs, and 15 * 0 of the other topic.
    powers = np.exp([12.0, 0.0, nothing["logit"]])
    assert nothing["probability"] == pytest.approx(powers[2] / powers.sum(), abs=1e-4)
    assert learned["margin"] == pytest.approx((powers[0] - powers[1]) / powers.sum(), abs=1e-4)


def test_the_record_of_the_thresholds_stands_beside(explained: dict[str, Any]) -> None:
    thresholds = explained["thresholds"]
    assert (thresholds["target_precision"], thresholds["sample"], thresholds["cautious"]) == (0.95, 0, True)
    assert (thresholds["unanswerable_share"], thresholds["unanswerable_share_source"]) == (0.25, "default")

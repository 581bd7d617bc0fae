from __future__ import annotations

import numpy as np
import pytest

from faqbot.encoder import Encoding
from faqbot.knowledge import Wording
from faqbot.matching.search.index import WordingIndex
from faqbot.matching.search.scoring import raw_scores
from tests.unit.matching.conftest import unit


def test_candidates_unite_near_and_sharing_wordings(index: WordingIndex) -> None:
    question = Encoding(unit(0, 1, 0).dense, {3: 1.0}, unit(0, 1, 0).multi_vector)
    # nearest by dense: row 2; sharing token 3: row 3
    assert list(index.candidates(question, 1)) == [2, 3]


def test_wordings_that_share_no_token_are_no_sparse_candidates(index: WordingIndex) -> None:
    question = Encoding(unit(0, 1, 0).dense, {99: 1.0}, unit(0, 1, 0).multi_vector)
    assert list(index.candidates(question, 1)) == [2]


def test_all_rows_are_candidates_where_the_limit_allows(index: WordingIndex) -> None:
    assert list(index.candidates(unit(1, 1, 1), 100)) == [0, 1, 2, 3]


def test_scores_agree_with_scoring_pair_by_pair() -> None:
    random = np.random.default_rng(2)
    encodings = []
    for tokens in (1, 4, 2, 6):
        multi = random.normal(size=(tokens, 16)).astype(np.float32)
        multi /= np.linalg.norm(multi, axis=1, keepdims=True)
        dense = multi.mean(axis=0) / np.linalg.norm(multi.mean(axis=0))
        weights = {int(t): float(w) for t, w in zip(random.integers(0, 9, 5), random.random(5), strict=True)}
        encodings.append(Encoding(dense, weights, multi))
    question, *wordings = encodings
    index = WordingIndex([Wording(str(i), str(i), str(i)) for i in range(3)], wordings)
    found = index.score(question, np.array([0, 2]))
    for position, row in enumerate((0, 2)):
        expected = raw_scores(question, wordings[row])
        actual = found.at(position)
        assert (actual.dense, actual.sparse) == pytest.approx((expected.dense, expected.sparse), abs=1e-6)
        assert actual.colbert == pytest.approx(expected.colbert, abs=1e-3)


def test_of_wordings_that_share_equally_much_the_first_are_candidates() -> None:
    # All share token 1 with weight 1; the question is orthogonal to all but row 2.
    wordings = [unit(1, 0, 0), unit(1, 0, 0), unit(0, 0, 1), unit(1, 0, 0)]
    index = WordingIndex([Wording(str(i), str(i), str(i)) for i in range(4)], wordings)
    question = Encoding(unit(0, 0, 1).dense, {1: 1.0}, unit(0, 0, 1).multi_vector)
    assert list(index.candidates(question, 1)) == [0, 2]


def test_a_wording_gives_weights_to_the_tokens_that_it_has(index: WordingIndex) -> None:
    # row 3 is (0.7, 0, 0.7) at length 1: tokens 1 and 3 with 0.7071
    assert index.lexical_weights(3, [1, 2, 3, 10**6]) == pytest.approx({1: 0.7071, 3: 0.7071}, abs=1e-4)


@pytest.mark.parametrize("text", ["怎么退款", " 怎么 退款?! "])
def test_exact_ignores_punctuation_and_spaces(index: WordingIndex, text: str) -> None:
    assert list(index.exact(text)) == [0]


def test_other_words_are_not_exact(index: WordingIndex) -> None:
    assert list(index.exact("怎么退款到")) == []


def test_unknown_token_ids_overlap_with_nothing(index: WordingIndex) -> None:
    assert list(index.lexical_overlaps({10**6: 1.0})) == [0, 0, 0, 0]


def test_an_index_needs_as_many_encodings_as_wordings() -> None:
    with pytest.raises(ValueError, match="got 1, 0"):
        WordingIndex([Wording("a", "a", "a")], [])

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from faqbot.matching.model.character_view import CharacterView, _counts, coverage, fold, sketch


def test_folding_joins_scripts_widths_and_cases() -> None:
    assert fold("ＡＢＣ 退貨") == fold("abc 退货")


def test_the_buckets_are_those_of_scikit_learn() -> None:
    texts = [
        "怎么 退款?",
        "How do  I get a refund, please",
        "ＡＢＣ 退貨 １２３",
        "a",
        "🙂 ÉCOLE\tx",
        " ",
        "refund refund",
    ]
    theirs = HashingVectorizer(
        analyzer="char_wb", ngram_range=(1, 3), n_features=2**18, alternate_sign=False, norm=None, preprocessor=fold
    ).transform(texts)
    ours = _counts(texts)
    assert abs(theirs - ours).sum() == 0
    assert ours.has_sorted_indices


def test_own_wordings_are_known_in_full_and_another_script_hardly_at_all() -> None:
    view = CharacterView(["怎么退款", "如何开发票"])
    covered = coverage(view.vectors(["怎么退款", "怎么退钱", "how do I get a refund"]))
    assert abs(covered[0] - 1.0) < 1e-5
    assert 0.3 < covered[1] < 0.95
    assert covered[2] < 0.3


def test_rare_pieces_weigh_more_than_those_that_every_wording_has() -> None:
    view = CharacterView(["怎么退款", "怎么开票", "怎么登录"])
    rows = view.vectors(["怎么", "退款", "怎么退款"])
    products = (rows[:2] @ rows[2].T).toarray().ravel()
    assert products[1] > products[0]


def test_sketching_leaves_the_rows_that_it_was_given_alone() -> None:
    view = CharacterView(["a rather long wording with many different n-grams in it " * 3, "another one"])
    rows = view.vectors(["a rather long wording with many different n-grams in it, and some more", "another one"])
    before = rows.copy()
    sketch(rows)
    assert (rows.indptr == before.indptr).all()
    assert abs(rows - before).sum() == 0


def test_the_sketch_keeps_inner_products_nearly() -> None:
    texts = ["怎么申请退款到银行卡", "退款多久能到银行卡", "开电子发票要多久"]
    rows = CharacterView(texts).vectors(texts)
    exact = (rows @ rows.T).toarray()
    small = sketch(rows)
    assert np.abs((small @ small.T).toarray() - exact).max() < 0.15

"""The training objective, on vectors small enough to follow by hand."""

from __future__ import annotations

import math

import pytest
import torch

from training.head_losses import Heads, contrastive_loss, mode_scores
from training.hidden_states import Side

_CLOSING = 2


def _heads() -> Heads:
    """Two dimensions: the first is the term weight, ColBERT leaves vectors as they are."""
    return Heads(
        {
            "sparse_linear.weight": torch.tensor([[1.0, 0.0]]),
            "sparse_linear.bias": torch.zeros(1),
            "colbert_linear.weight": torch.eye(2),
            "colbert_linear.bias": torch.zeros(2),
        }
    )


def _side(*texts: list[tuple[int, float, float]]) -> Side:
    """Texts of (token id, state), padded with zeros."""
    longest = max(map(len, texts))
    padded = [text + [(0, 0.0, 0.0)] * (longest - len(text)) for text in texts]
    values = torch.tensor(padded)
    mask = torch.tensor([[step < len(text) for step in range(longest)] for text in texts])
    return Side(torch.eye(2)[[0] * len(texts)], values[:, :, 1:], values[:, :, 0].long(), mask)


def test_scores_are_those_worked_out_by_hand() -> None:
    questions = _side([(7, 0.6, 0.8), (8, 0.5, 0.0), (_CLOSING, 0.0, 1.0)])
    wordings = _side(
        [(7, 1.0, 0.0), (7, 0.2, 0.0), (_CLOSING, 0.0, 1.0)],
        [(8, -1.0, 0.0), (_CLOSING, 3.0, 0.0)],
    )
    dense, sparse, colbert = mode_scores(_heads(), questions, wordings)
    assert dense.tolist() == [[1.0, 1.0]]
    # Token 7: 0.6 x max(1.0, 0.2). Token 8: relu makes -1 zero. `</s>` stands in both and counts in neither.
    assert sparse.tolist() == [[pytest.approx(0.6), 0.0]]
    # Best cosines of (.6, .8), (1, 0), (0, 1): with the first wording .8, 1, 1; with the second, whose `</s>` is
    # (1, 0), they are .6, 1, 0.
    assert colbert.tolist() == [[pytest.approx(2.8 / 3), pytest.approx(1.6 / 3)]]


def test_padding_never_wins_over_a_negative_cosine() -> None:
    questions = _side([(7, 1.0, 0.0)])
    wordings = _side([(8, -1.0, 0.0)], [(8, 1.0, 0.0), (9, 1.0, 0.0)])
    assert mode_scores(_heads(), questions, wordings)[2].tolist() == [[-1.0, 1.0]]


def test_wordings_of_one_entry_are_no_negatives_of_each_other() -> None:
    right, wrong = 0.5, 0.1
    scores = torch.tensor([[right, 9.0, wrong], [9.0, right, wrong], [wrong, wrong, right]])
    entry = torch.tensor([4, 4, 5])
    masked = contrastive_loss((scores, scores, scores), entry, temperature=1.0)
    harmless = scores.masked_fill(scores == 9.0, -1e4)
    assert float(masked) == pytest.approx(float(contrastive_loss((harmless,) * 3, torch.arange(3), temperature=1.0)))


def test_the_loss_is_the_papers_sum() -> None:
    # Two pairs; every mode gives 1 to the right wording and 0 to the other: InfoNCE is log(1 + e^-1) per mode and
    # log(1 + e^-2.3) for the sum 1 + 0.3 + 1, whose softmax teaches.
    mode = torch.eye(2)
    one, together = math.log(1 + math.exp(-1)), math.log(1 + math.exp(-2.3))
    share = 1 / (1 + math.exp(-2.3))
    taught = share * one + (1 - share) * (one + 1)
    expected = ((one + together + one + 0.1 * one) / 4 + (taught + 0.1 * taught) / 3) / 2
    loss = contrastive_loss((mode, mode, mode), torch.arange(2), temperature=1.0)
    assert float(loss) == pytest.approx(expected)


def test_questions_that_share_no_term_leave_the_term_weights_alone() -> None:
    sparse = torch.tensor([[0.0, 0.4], [0.3, 0.0]], requires_grad=True)
    colbert = torch.eye(2, requires_grad=True)
    torch.autograd.backward(contrastive_loss((torch.eye(2), sparse, colbert), torch.arange(2), temperature=0.1))
    assert sparse.grad is not None
    assert not sparse.grad.any()
    assert colbert.grad is not None
    assert colbert.grad.any()

"""BGE-M3's training objective for the two heads, over a frozen backbone.

Chen et al., "BGE M3-Embedding" (2024, arXiv 2402.03216), sections 3.2 and 3.3, with the weights of FlagEmbedding's
`EncoderOnlyEmbedderM3Model`: in-batch InfoNCE per mode and for the sum dense + 0.3 sparse + ColBERT, whose softmax then
teaches each mode. What differs: wordings of one entry are masked out of each other's negatives, and the rows of the
instruction take no part.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.hidden_states import Side

_SPARSE_IN_SUM = 0.3
_SPARSE_IN_LOSS = 0.1
_SHARED = 0.02  # A sparse score: one common word shared.
_NEVER = -1e4
_LAST_ROW = 1  # `</s>`: a row of the multi-vector, but not a term.


class Heads(nn.Module):
    """The two linear layers.

    The ColBERT layer has a zero bias, which is not trained: so only the direction of a hidden state counts.
    """

    def __init__(self, start: dict[str, Tensor]) -> None:
        """Begin at given heads; see `faqbot.encoder.compact.fitted_heads.fit_heads` for the names and shapes."""
        super().__init__()
        hidden = start["colbert_linear.weight"].shape[0]
        self.sparse_linear = nn.Linear(hidden, 1)
        self.colbert_linear = nn.Linear(hidden, hidden)
        self.load_state_dict(start)
        self.colbert_linear.bias.requires_grad_(False)

    def token_weights(self, states: Tensor) -> Tensor:
        """Weight of each token as a term: (..., hidden) to (...), not negative."""
        weights: Tensor = torch.relu(self.sparse_linear(states)).squeeze(-1)
        return weights

    def token_vectors(self, states: Tensor) -> Tensor:
        """Unit vector of each token: (..., hidden) to (..., hidden)."""
        return functional.normalize(self.colbert_linear(states), dim=-1)


def mode_scores(heads: Heads, questions: Side, wordings: Side) -> tuple[Tensor, Tensor, Tensor]:
    """Dense, sparse and ColBERT score of every question with every wording, each (questions, wordings)."""
    return (
        questions.dense @ wordings.dense.T,
        _sparse_scores(heads, questions, wordings),
        _colbert_scores(heads, questions, wordings),
    )


def _sparse_scores(heads: Heads, questions: Side, wordings: Side) -> Tensor:
    # A vocabulary of only this batch's tokens in place of all 250,000.
    vocabulary = torch.unique(torch.cat([questions.token_ids.flatten(), wordings.token_ids.flatten()]))
    sides = [_lexical_vectors(heads, side, vocabulary) for side in (questions, wordings)]
    return sides[0] @ sides[1].T


def _lexical_vectors(heads: Heads, side: Side, vocabulary: Tensor) -> Tensor:
    """(batch, vocabulary): the largest weight of each term."""
    steps = torch.arange(side.mask.shape[1])
    is_term = side.mask & (steps < side.mask.sum(1, keepdim=True) - _LAST_ROW)
    weights = heads.token_weights(side.states) * is_term
    columns = torch.searchsorted(vocabulary, side.token_ids)
    empty = torch.zeros(len(weights), len(vocabulary))
    return empty.scatter_reduce(1, columns, weights, reduce="amax")


def _colbert_scores(heads: Heads, questions: Side, wordings: Side) -> Tensor:
    """Mean over the question's tokens of the best cosine among the wording's."""
    ours = heads.token_vectors(questions.states)[questions.mask]
    theirs = heads.token_vectors(wordings.states)
    similarity = (ours @ theirs.flatten(0, 1).T).view(len(ours), *wordings.mask.shape)
    if not wordings.mask.all():
        similarity = similarity.masked_fill(~wordings.mask, -1.0)
    best = similarity.amax(dim=2)
    owner = torch.repeat_interleave(torch.arange(len(questions.mask)), questions.mask.sum(1))
    summed = torch.zeros(len(questions.mask), len(wordings.mask)).index_add(0, owner, best)
    return summed / questions.mask.sum(1, keepdim=True)


def contrastive_loss(scores: tuple[Tensor, Tensor, Tensor], entry: Tensor, temperature: float) -> Tensor:
    """M3's loss with self-distillation; question i belongs to wording i.

    Args:
        scores: Dense, sparse and ColBERT, each (n, n).
        entry: (n,) which entry question and wording i belong to.
        temperature: Divides every score, as in FlagEmbedding.
    """
    same = (entry[:, None] == entry[None, :]) & ~torch.eye(len(entry), dtype=torch.bool)
    dense, sparse, colbert = ((mode / temperature).masked_fill(same, _NEVER) for mode in scores)
    # Terms only add to this sum: through it, questions in another language than the answer would silence them.
    together = dense + _SPARSE_IN_SUM * sparse.detach() + colbert
    everyone = torch.ones(len(entry), dtype=torch.bool)
    # For the same reason they learn from questions alone that share a term with the right wording.
    shares_terms = scores[1].detach().diagonal() > _SHARED
    learned = (
        _right(dense, everyone) + _right(together, everyone) + _right(colbert, everyone)
        + _SPARSE_IN_LOSS * _right(sparse, shares_terms)
    ) / 4  # fmt: skip
    teacher = together.detach().softmax(dim=1)
    # Dense has nothing to learn here: the backbone is frozen.
    taught = (_alike(colbert, teacher, everyone) + _SPARSE_IN_LOSS * _alike(sparse, teacher, shares_terms)) / 3
    return (learned + taught) / 2


def _right(scores: Tensor, rows: Tensor) -> Tensor:
    """InfoNCE over some rows."""
    return functional.cross_entropy(scores, torch.arange(len(scores)), reduction="none")[rows].sum() / len(scores)


def _alike(scores: Tensor, teacher: Tensor, rows: Tensor) -> Tensor:
    """Cross-entropy with the teacher's distribution over some rows."""
    return -(teacher * scores.log_softmax(dim=1)).sum(dim=1)[rows].sum() / len(scores)

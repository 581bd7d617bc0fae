"""Where training begins: ColBERT at the identity, term weights at inverse document frequency."""

from __future__ import annotations

import torch
from torch import Tensor

from training.hidden_states import HiddenStates

# -log p of a piece is 3.5 for a comma, 10 for usual words, 20 for the rarest: what lies below this gets no weight.
_COMMONEST = 6.0
_SCALE = 40.0  # Brings weights to where BGE-M3's are, between 0 and 0.4.
_RIDGE = 0.1
_INSTRUCTION_RIDGE = 0.01
_INSTRUCTION_SHARE = 0.1
_BELOW_ZERO = 0.05


def start_heads(hidden: HiddenStates, log_probabilities: Tensor) -> dict[str, Tensor]:
    """Heads to begin with.

    The term weight of a token is the ridge regression of its unigram log-probability, which stands in for inverse
    document frequency, on its hidden state. The penalty is high on purpose: a closer fit follows the context of a
    term more than the term, and finds fewer questions. So close a fit is needed, however, to tell the instruction's
    tokens from others; a second regression, of what brings those below zero and leaves terms alone, is added.

    Args:
        hidden: States of the training texts.
        log_probabilities: (vocabulary,) unigram log-probability per token id.

    Returns:
        As `faqbot.encoder.compact.fitted_heads.fit_heads`.
    """
    is_term = torch.ones(len(hidden.states), dtype=torch.bool)
    is_term[hidden.starts + hidden.lengths - 1] = False  # `</s>`
    states = hidden.states[is_term].double()
    wanted = (-log_probabilities[hidden.token_ids[is_term]].double() - _COMMONEST) / _SCALE
    weight, bias = _regress(states, wanted, torch.ones(len(states)), _RIDGE)

    instruction = hidden.instruction.double()
    excess = instruction @ weight + bias + _BELOW_ZERO
    change, shift = _regress(
        torch.cat([states, instruction]),
        torch.cat([torch.zeros(len(states)), -excess]),
        torch.cat([
            torch.full((len(states),), (1 - _INSTRUCTION_SHARE) / len(states)),
            torch.full((len(instruction),), _INSTRUCTION_SHARE / len(instruction)),
        ]),
        _INSTRUCTION_RIDGE,
    )  # fmt: skip
    hidden_size = states.shape[1]
    return {
        "sparse_linear.weight": (weight + change)[None, :].float(),
        "sparse_linear.bias": (bias + shift)[None].float(),
        "colbert_linear.weight": torch.eye(hidden_size),
        "colbert_linear.bias": torch.zeros(hidden_size),
    }


def _regress(states: Tensor, wanted: Tensor, shares: Tensor, ridge: float) -> tuple[Tensor, Tensor]:
    """Ridge regression with a free bias: weight (hidden,) and bias (), in double precision."""
    shares = (shares / shares.sum()).double()
    wanted = wanted.double()
    centre, mean = shares @ states, shares @ wanted
    centred = states - centre
    weighted = centred * shares[:, None]
    spread = weighted.T @ centred + ridge * torch.eye(states.shape[1], dtype=torch.double)
    weight = torch.linalg.solve(spread, weighted.T @ (wanted - mean))
    return weight, mean - centre @ weight

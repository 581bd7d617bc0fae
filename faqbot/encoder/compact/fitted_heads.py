"""The compact model's two heads where nobody has trained them: a closed form instead of random numbers.

ColBERT: the identity, so token vectors are the backbone's own.

Sparse: BGE-M3's head is relu(w . h + b) over a token's last hidden state h. Term matching weighs terms by inverse
document frequency (Spärck Jones, 1972), and the tokenizer holds an estimate of it: a piece's unigram log-probability.
So w and b are the ridge regression of that number on h, over the short sentences in `heads/sentences.txt`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from faqbot.encoder.encoding import Vector

if TYPE_CHECKING:
    from torch import Tensor

_SENTENCES = Path(__file__).parent / "heads" / "sentences.txt"
_RIDGE = 0.01
# -log p is 3.5 for a comma, 5 for the commonest words, 10 for usual ones, 20 for the rarest: everything up to 5 gets
# no weight, and the rest lands where BGE-M3's own weights are, between 0 and 0.4.
_COMMONEST = 5.0
_SCALE = 40.0
# The instruction stands before every text and tells nothing: aim below zero, which relu makes zero.
_INSTRUCTION_TARGET = (3.0 - _COMMONEST) / _SCALE


def fit_heads(folder: Path, instruction: str, log_probabilities: Vector) -> dict[str, Tensor]:
    """Heads for the backbone in `folder`; the same ones each time.

    Args:
        folder: Backbone and tokenizer as `transformers` loads them.
        instruction: What stands before every text.
        log_probabilities: Unigram log-probability per token id.

    Returns:
        `sparse_linear.weight` (1, hidden), `sparse_linear.bias` (1,), `colbert_linear.weight` (hidden, hidden),
        `colbert_linear.bias` (hidden,), float32.
    """
    import torch

    states, targets = _regression(folder, instruction, log_probabilities)
    weight, bias = _ridge(states, targets)
    hidden = states.shape[1]
    return {
        "sparse_linear.weight": torch.from_numpy(weight[None, :]),
        "sparse_linear.bias": torch.tensor([bias]),
        "colbert_linear.weight": torch.eye(hidden),
        "colbert_linear.bias": torch.zeros(hidden),
    }


def _regression(folder: Path, instruction: str, log_probabilities: Vector) -> tuple[Vector, Vector]:
    """Hidden states (tokens, hidden) and the weight each should get (tokens,)."""
    import torch
    from transformers import AutoTokenizer

    from faqbot.encoder.inference.backbone import load_backbone

    tokenizer = AutoTokenizer.from_pretrained(folder)
    backbone = load_backbone(folder, torch.float32, "cpu")
    prefix = len(tokenizer(instruction.rstrip(), add_special_tokens=False)["input_ids"])
    states, targets = [], []
    for sentence in _SENTENCES.read_text(encoding="utf-8").splitlines():
        ids = tokenizer(instruction + sentence)["input_ids"]
        token_ids = torch.tensor([ids])
        with torch.inference_mode():
            hidden = backbone(token_ids, torch.ones_like(token_ids))[0].numpy()
        wanted = (-log_probabilities[ids] - _COMMONEST) / _SCALE
        wanted[: 1 + prefix] = _INSTRUCTION_TARGET
        states.append(hidden[1:-1])
        targets.append(wanted[1:-1])
    return np.concatenate(states), np.concatenate(targets)


def _ridge(states: Vector, targets: Vector) -> tuple[Vector, float]:
    """Least squares with a penalty on the weights; the bias goes free because both sides are centred."""
    centre, mean = states.mean(axis=0, dtype=np.float64), float(targets.mean(dtype=np.float64))
    centred = states - centre
    penalty = _RIDGE * len(states) * np.eye(states.shape[1])
    weight = np.linalg.solve(centred.T @ centred + penalty, centred.T @ (targets - mean))
    return weight.astype(np.float32), float(mean - centre @ weight)

"""Low-rank updates, on a BERT small enough to merge by hand."""

from __future__ import annotations

import copy

import torch
from transformers import BertConfig, BertModel

from training.low_rank import UpperLayers
from training.tune_backbone import colbert_scores

_SIZES = BertConfig(
    vocab_size=20, hidden_size=8, num_hidden_layers=3, num_attention_heads=2, intermediate_size=16,
    max_position_embeddings=12, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
)  # fmt: skip


def _model() -> BertModel:
    torch.manual_seed(1)
    return BertModel(_SIZES, add_pooling_layer=False).eval()


def _below_the_last(model: BertModel, ids: torch.Tensor) -> torch.Tensor:
    lower = copy.deepcopy(model)
    lower.encoder.layer = lower.encoder.layer[:-1]
    states: torch.Tensor = lower(input_ids=ids).last_hidden_state
    return states


def test_before_training_nothing_changes() -> None:
    model, ids = _model(), torch.tensor([[2, 5, 7, 3]])
    upper = UpperLayers(model, 1, rank=2)
    ours = upper(_below_the_last(model, ids), torch.ones(1, 4, dtype=torch.bool))
    assert torch.allclose(ours, model(input_ids=ids).last_hidden_state, atol=1e-6)


def test_a_matrix_with_its_update_added_gives_what_was_trained() -> None:
    model, ids = _model(), torch.tensor([[2, 5, 7, 3]])
    upper = UpperLayers(model, 1, rank=2)
    for parameter in upper.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.5)
    trained = upper(_below_the_last(model, ids), torch.ones(1, 4, dtype=torch.bool))
    updates = upper.updates()
    names = {name.rpartition(".")[0] for name in updates}
    assert len(names) == 6
    weights = model.state_dict()
    for name in names:
        weights[name] += updates[f"{name}.up"] @ updates[f"{name}.down"]
    merged = model(input_ids=ids).last_hidden_state
    assert torch.allclose(trained, merged, atol=1e-5)
    assert not torch.allclose(trained, _model()(input_ids=ids).last_hidden_state, atol=0.1)


def test_padding_changes_no_text() -> None:
    model = _model()
    upper = UpperLayers(model, 1, rank=2)
    states = _below_the_last(model, torch.tensor([[2, 5, 3]]))
    padded = torch.cat([states, torch.full((1, 2, 8), 9.0)], dim=1)
    mask = torch.tensor([[True, True, True, False, False]])
    assert torch.allclose(upper(padded, mask)[:, :3], upper(states, mask[:, :3]), atol=1e-6)


def test_colbert_scores_hand_computed() -> None:
    questions = torch.tensor([[[1.0, 0.0], [0.6, 0.8]]])
    wordings = torch.tensor([[[0.0, 1.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]])
    known = torch.tensor([[True, False], [True, True]])
    # With the first wording best are 0 and .8, with the second 1 and .8; the padded row counts in neither.
    found = colbert_scores(questions, torch.ones(1, 2, dtype=torch.bool), wordings, known)
    assert torch.allclose(found, torch.tensor([[0.4, 0.9]]))

"""The training loop, on states made up for it."""

from __future__ import annotations

import dataclasses

import torch

from training.hidden_states import HiddenStates
from training.measure_heads import held_out_task, hit_at_1
from training.start_heads import start_heads
from training.text_groups import TextSet
from training.train_heads import Recipe, train

_SIZE = 6
_RECIPE = Recipe(steps=100, batch=16, learning_rate=3e-2, temperature=0.1)


def _set_and_states() -> tuple[TextSet, HiddenStates]:
    """Twelve entries of four wordings: two dimensions tell the entry, four are noise and louder."""
    draw = torch.Generator().manual_seed(1)
    groups, states, ids = [], [], []
    for entry in range(12):
        angle = torch.tensor(entry * torch.pi / 6)
        groups.append(tuple(f"{entry} {wording}" for wording in range(4)))
        for _ in range(4):
            noise = torch.randn(3, _SIZE - 2, generator=draw)
            signal = torch.stack([angle.cos(), angle.sin()]).expand(3, 2)
            states.append(torch.cat([signal, noise], dim=1))
            ids.append(torch.tensor([10 + entry, 30, 2]))
    lengths = torch.full((48,), 3)
    hidden = HiddenStates(
        states=torch.cat(states).half(),
        token_ids=torch.cat(ids),
        starts=lengths.cumsum(0) - lengths,
        lengths=lengths,
        dense=torch.nn.functional.normalize(torch.stack([rows.mean(0) for rows in states]), dim=1),
        instruction=torch.randn(9, _SIZE, generator=draw),
        index={text: number for number, text in enumerate(text for group in groups for text in group)},
    )
    return TextSet("made-up", "none", tuple(groups)), hidden


def test_training_finds_what_tells_entries_apart_and_gives_the_same_heads_each_time() -> None:
    texts, hidden = _set_and_states()
    start = start_heads(hidden, torch.full((50,), -9.0))
    recipe = dataclasses.replace(_RECIPE, towards_start=0.0)
    heads, losses = train(recipe, start, [texts], hidden)
    again, _ = train(recipe, start, [texts], hidden)

    assert len(losses) == 1
    assert all(torch.equal(one, other) for one, other in zip(heads.parameters(), again.parameters(), strict=True))
    assert not heads.colbert_linear.bias.any()
    task = held_out_task(texts)
    untrained = type(heads)(start)
    assert hit_at_1(heads, hidden, task)["colbert"] > hit_at_1(untrained, hidden, task)["colbert"] + 0.15


def test_the_pull_towards_the_start_holds_the_heads() -> None:
    texts, hidden = _set_and_states()
    start = start_heads(hidden, torch.full((50,), -9.0))
    moved = []
    for pull in (0.0, 10.0):
        heads, _ = train(dataclasses.replace(_RECIPE, towards_start=pull), start, [texts], hidden)
        moved.append(float((heads.colbert_linear.weight.detach() - torch.eye(_SIZE)).norm()))
    assert moved[1] < 0.2 * moved[0]


def test_rare_tokens_start_heavier_and_the_instruction_starts_silent() -> None:
    _, hidden = _set_and_states()
    log_probabilities = torch.full((50,), -10.0)
    log_probabilities[10:13] = -20.0  # Entries 0 to 2 lie on the side of the first dimension.
    # The instruction's states lie apart from all others, as in the real model.
    apart = torch.zeros(9, _SIZE)
    apart[:, 2] = 40.0
    start = start_heads(dataclasses.replace(hidden, instruction=apart), log_probabilities)
    weight, bias = start["sparse_linear.weight"][0], start["sparse_linear.bias"][0]
    weights = torch.relu(hidden.states.float() @ weight + bias).view(12, 4, 3)[:, :, 0].mean(dim=1)
    assert weights[1] > 1.3 * weights[7]
    assert torch.relu(apart @ weight + bias).max() < 0.1 * weights.mean()

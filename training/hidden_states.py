"""The frozen backbone's last hidden states, computed once per text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Side:
    """Some texts, padded and ready to be scored: the questions, or the wordings.

    Attributes:
        dense: (texts, hidden), unit length.
        states: (texts, longest, hidden); zero where there is no token.
        token_ids: (texts, longest).
        mask: (texts, longest), True where there is a token.
    """

    dense: Tensor
    states: Tensor
    token_ids: Tensor
    mask: Tensor


@dataclass(frozen=True, slots=True)
class HiddenStates:
    """The states of many texts, without those of `<s>` and of the instruction, which stand before every text alike.

    Attributes:
        states: (tokens of all texts, hidden), float16, not normalised; each text's closing `</s>` is its last row.
        token_ids: (tokens of all texts,), int64.
        starts: Text -> its first row; the next text's start ends it.
        lengths: Text -> its rows.
        dense: (texts, hidden), float32, unit length: the mean over all tokens, `<s>` and instruction included.
        instruction: (instruction tokens of one text per batch, hidden), float32: where no term weight belongs.
        index: Text -> its number.
    """

    states: Tensor
    token_ids: Tensor
    starts: Tensor
    lengths: Tensor
    dense: Tensor
    instruction: Tensor
    index: dict[str, int]

    def side(self, texts: Tensor | Sequence[str]) -> Side:
        """Some texts, by their numbers (n,) or as they are."""
        if not isinstance(texts, Tensor):
            texts = torch.tensor([self.index[text] for text in texts])
        lengths = self.lengths[texts]
        steps = torch.arange(int(lengths.max()))
        mask = steps < lengths[:, None]
        where = (self.starts[texts][:, None] + steps) * mask
        states = self.states[where].float() * mask[..., None]
        return Side(self.dense[texts], states, self.token_ids[where] * mask, mask)


def hidden_states(
    folder: Path, instruction: str, texts: Iterable[str], *, precision: str, max_length: int = 64
) -> HiddenStates:
    """Encode texts with the backbone in `folder`.

    Args:
        folder: Backbone and tokenizer as `transformers` loads them.
        instruction: What stands before every text.
        texts: Repeats are encoded once.
        precision: `fp32` or `bf16`.
        max_length: Tokens per text, the rest is cut.
    """
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[precision]
    model = AutoModel.from_pretrained(folder, dtype=dtype, add_pooling_layer=False).eval()
    unique = list(dict.fromkeys(texts))
    ids = tokenizer([instruction + text for text in unique], truncation=True, max_length=max_length)["input_ids"]
    skipped = 1 + len(tokenizer(instruction.rstrip(), add_special_tokens=False)["input_ids"])

    states: list[Tensor] = [torch.empty(0)] * len(unique)
    dense = torch.empty(len(unique), model.config.hidden_size)
    instructions = []
    for batch in batches_of_one_length(ids):
        with torch.inference_mode():
            output = model(input_ids=torch.tensor([ids[number] for number in batch])).last_hidden_state.float()
        dense[batch] = torch.nn.functional.normalize(output.mean(dim=1), dim=-1)
        instructions.append(output[0, 1:skipped])
        for number, rows in zip(batch, output.half(), strict=True):
            states[number] = rows[skipped:].clone()
    lengths = torch.tensor([len(rows) for rows in states])
    return HiddenStates(
        states=torch.cat(states),
        token_ids=torch.tensor([token for row in ids for token in row[skipped:]]),
        starts=lengths.cumsum(0) - lengths,
        lengths=lengths,
        dense=dense,
        instruction=torch.cat(instructions),
        index={text: number for number, text in enumerate(unique)},
    )


def batches_of_one_length(ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """The numbers of the texts in batches that need no padding, the shortest first."""
    by_length: dict[int, list[int]] = {}
    for number, row in enumerate(ids):
        by_length.setdefault(len(row), []).append(number)
    return [
        members[start : start + _BATCH]
        for _, members in sorted(by_length.items())
        for start in range(0, len(members), _BATCH)
    ]

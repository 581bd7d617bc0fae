"""Low-rank updates of the backbone's last layers (LoRA, arXiv 2106.09685), on top of cached states of the layers below.

A matrix W becomes W + B A, where A has `rank` rows: so little is learned that it cannot forget what the model knows,
and what ships is small.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from training.hidden_states import batches_of_one_length

if TYPE_CHECKING:
    from transformers import BertModel, PreTrainedTokenizerFast

_MATRICES = (
    ("attention.self", ("query", "key", "value")),
    ("attention.output", ("dense",)),
    ("intermediate", ("dense",)),
    ("output", ("dense",)),
)


class LowRankLinear(nn.Module):
    """A frozen linear layer and its update; B starts at zero, so nothing changes before training."""

    def __init__(self, frozen: nn.Linear, rank: int) -> None:
        """Draw A from the global generator."""
        super().__init__()
        self.frozen = frozen
        self.down = nn.Parameter(torch.randn(rank, frozen.in_features) / math.sqrt(frozen.in_features))
        self.up = nn.Parameter(torch.zeros(frozen.out_features, rank))

    def forward(self, states: Tensor) -> Tensor:
        """The updated layer's output."""
        output: Tensor = self.frozen(states) + (states @ self.down.T) @ self.up.T
        return output


class UpperLayers(nn.Module):
    """The last layers of a BERT with an update in every matrix."""

    def __init__(self, model: BertModel, count: int, rank: int) -> None:
        """Copy the last `count` layers and freeze all but the updates."""
        super().__init__()
        self.first = len(model.encoder.layer) - count
        self.layers = copy.deepcopy(model.encoder.layer[self.first :])
        for parameter in self.layers.parameters():
            parameter.requires_grad_(False)
        self._updated: dict[str, LowRankLinear] = {}
        for number, layer in enumerate(self.layers):
            for place, names in _MATRICES:
                module = layer.get_submodule(place)
                for name in names:
                    update = LowRankLinear(getattr(module, name), rank)
                    setattr(module, name, update)
                    self._updated[f"encoder.layer.{self.first + number}.{place}.{name}.weight"] = update

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Last hidden states.

        Args:
            states: Of the layers below, (texts, longest, hidden).
            mask: (texts, longest), True where there is a token.
        """
        barred = torch.zeros(mask.shape)[:, None, None, :].masked_fill(~mask[:, None, None, :], -1e9)
        for layer in self.layers:
            output: Any = layer(states, attention_mask=barred)
            states = output[0] if isinstance(output, tuple) else output
        return states

    def updates(self) -> dict[str, Tensor]:
        """`<matrix>.down` (rank, inputs) and `<matrix>.up` (outputs, rank), named for the matrix they change."""
        return {
            f"{name}.{part}": getattr(update, part).detach().clone()
            for name, update in self._updated.items()
            for part in ("down", "up")
        }


class LowerStates:
    """What the layers below the updated ones make of each text; computed once."""

    def __init__(
        self, model: BertModel, tokenizer: PreTrainedTokenizerFast, count: int, texts: Iterable[str], length: int = 64
    ) -> None:
        """Run all but the last `count` layers, in bf16.

        Args:
            model: The backbone, float32; it is left as it is.
            tokenizer: Its own.
            count: Layers to leave out.
            texts: With their instruction; repeats are encoded once.
            length: Tokens per text, the rest is cut.
        """
        lower = copy.deepcopy(model).to(torch.bfloat16)
        lower.encoder.layer = lower.encoder.layer[:-count]
        self.index = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        ids = tokenizer(list(self.index), truncation=True, max_length=length)["input_ids"]
        self._lengths = torch.tensor([len(row) for row in ids])
        self._starts = self._lengths.cumsum(0) - self._lengths
        states: list[Tensor] = [torch.empty(0)] * len(ids)
        for members in batches_of_one_length(ids):
            with torch.inference_mode():
                output = lower(input_ids=torch.tensor([ids[number] for number in members])).last_hidden_state
            for number, rows in zip(members, output, strict=True):
                states[number] = rows.clone()
        self._states = torch.cat(states)

    def side(self, texts: Tensor) -> tuple[Tensor, Tensor]:
        """States (texts, longest, hidden), zero where there is no token, and the mask (texts, longest)."""
        lengths = self._lengths[texts]
        steps = torch.arange(int(lengths.max()))
        mask = steps < lengths[:, None]
        where = (self._starts[texts][:, None] + steps) * mask
        return self._states[where].float() * mask[..., None], mask


def load_model(folder: Path) -> tuple[BertModel, PreTrainedTokenizerFast]:
    """The backbone in float32, and its tokenizer."""
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False).eval()
    return model, AutoTokenizer.from_pretrained(folder)

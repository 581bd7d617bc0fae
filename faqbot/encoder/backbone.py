"""The backbone in inference form: BERT and XLM-RoBERTa, the one architecture behind every model that we open.

`transformers` has both and gives the same numbers (tests hold us to that), but its model classes bring training and
generation along: three more seconds at every start and a third more time per question. Here texts of a batch have one
length, so there is no padding and no mask; and what runs from layer to layer stays fp32 while the matrices may be
bf16 or fp16, which halves the rounding error.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from faqbot.errors import ModelUnavailable

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

_PREFIX = re.compile(r"^(bert|roberta|xlm_roberta|model)\.")


@dataclass(frozen=True, slots=True)
class BackboneOutput:
    """What FlagEmbedding reads from a backbone.

    Attributes:
        last_hidden_state: Shape (texts, tokens, hidden), float32.
    """

    last_hidden_state: Tensor


class Backbone(nn.Module):
    """Modules are named as in `transformers`, so that its checkpoints load as they are."""

    def __init__(self, config: PreTrainedConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = _Embeddings(config)
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList(_Layer(config) for _ in range(config.num_hidden_layers))
        # RoBERTa numbers positions from behind the padding id.
        self._first_position = config.pad_token_id + 1 if "roberta" in config.model_type else 0

    def forward(self, input_ids: Tensor, attention_mask: Tensor, return_dict: bool = True) -> BackboneOutput:
        """Hidden states of texts of one length.

        Args:
            input_ids: Shape (texts, tokens).
            attention_mask: All ones; part of the signature that FlagEmbedding calls.
            return_dict: Likewise.
        """
        positions = torch.arange(input_ids.shape[1], device=input_ids.device) + self._first_position
        hidden = self.embeddings(input_ids, positions)
        for layer in self.encoder.layer:
            hidden = layer(hidden)
        return BackboneOutput(hidden)


class _Embeddings(nn.Module):
    def __init__(self, config: PreTrainedConfig) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, token_ids: Tensor, positions: Tensor) -> Tensor:
        where = self.position_embeddings(positions).float() + self.token_type_embeddings.weight[0].float()
        return self.LayerNorm(self.word_embeddings(token_ids).float() + where)


class _Layer(nn.Module):
    """Attention, then feed-forward; after each a residual sum and a norm."""

    def __init__(self, config: PreTrainedConfig) -> None:
        super().__init__()
        hidden, inner = config.hidden_size, config.intermediate_size
        self.attention = nn.Module()
        self.attention.self = _Attention(hidden, config.num_attention_heads)
        self.attention.output = _Residual(hidden, hidden, config.layer_norm_eps)
        self.intermediate = nn.Module()
        self.intermediate.dense = nn.Linear(hidden, inner)
        self.output = _Residual(inner, hidden, config.layer_norm_eps)

    def forward(self, hidden: Tensor) -> Tensor:
        dtype = self.intermediate.dense.weight.dtype
        hidden = self.attention.output(self.attention.self(hidden.to(dtype)), hidden)
        return self.output(functional.gelu(self.intermediate.dense(hidden.to(dtype))), hidden)


class _Attention(nn.Module):
    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))
        self._heads = heads

    def forward(self, hidden: Tensor) -> Tensor:
        texts, tokens, width = hidden.shape
        query, key, value = (
            project(hidden).view(texts, tokens, self._heads, -1).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return mixed.transpose(1, 2).reshape(texts, tokens, width)


class _Residual(nn.Module):
    def __init__(self, inputs: int, outputs: int, epsilon: float) -> None:
        super().__init__()
        self.dense = nn.Linear(inputs, outputs)
        self.LayerNorm = nn.LayerNorm(outputs, eps=epsilon)

    def forward(self, change: Tensor, hidden: Tensor) -> Tensor:
        return self.LayerNorm(hidden + self.dense(change))


def load_backbone(folder: Path, dtype: torch.dtype) -> Backbone:
    """Load the backbone of a checkpoint.

    Args:
        folder: With `config.json` and the weights as `transformers` saves them.
        dtype: Of the matrices; norms stay float32.

    Raises:
        ModelUnavailable: It is no BERT or XLM-RoBERTa, or weights are missing.
    """
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(folder)
    if config.model_type not in ("bert", "roberta", "xlm-roberta") or config.hidden_act != "gelu":
        raise ModelUnavailable(
            f"The backbone in {folder} is of type {config.model_type} with {getattr(config, 'hidden_act', 'no act')}; "
            "only bert, roberta and xlm-roberta with gelu can be opened."
        )
    weights = {_PREFIX.sub("", name): tensor for name, tensor in _read_weights(folder).items()}
    with torch.device("meta"):  # No memory and no random numbers for weights that are about to be replaced.
        backbone = Backbone(config)
    wanted = backbone.state_dict().keys()
    missing = sorted(wanted - weights.keys())
    if missing:
        raise ModelUnavailable(f"The weights in {folder} lack {len(missing)} tensors, the first being {missing[0]}.")
    ready = {name: weights[name].to(torch.float32 if "LayerNorm" in name else dtype) for name in wanted}
    backbone.load_state_dict(ready, assign=True)
    return backbone.eval().requires_grad_(False)


def _read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors by name, mapped from the files rather than read where that is possible."""
    from safetensors.torch import load_file

    for index in (folder / "model.safetensors.index.json", folder / "pytorch_model.bin.index.json"):
        if index.is_file():
            parts = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
            break
    else:
        parts = [name for name in ("model.safetensors", "pytorch_model.bin") if (folder / name).is_file()][:1]
    weights: dict[str, Tensor] = {}
    for part in parts:
        path = folder / part
        if path.suffix == ".safetensors":
            weights |= load_file(path)
        else:
            weights |= torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    return weights

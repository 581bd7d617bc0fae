"""The backbone in inference form: BERT and XLM-RoBERTa, the one architecture behind every model that we open.

`transformers` has both and gives the same numbers (tests hold us to that), but its model classes bring training and
generation along: seconds more at every start and a third more time per question. Here texts of a batch have one
length, so there is no padding and no mask; and what runs from layer to layer stays fp32 while the matrices may be
bf16 or fp16, which halves the rounding error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from faqbot.encoder.checkpoint import weight_files
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


@dataclass(frozen=True, slots=True)
class _Dense:
    weight: Tensor
    bias: Tensor

    def __call__(self, inputs: Tensor) -> Tensor:
        return functional.linear(inputs.to(self.weight.dtype), self.weight, self.bias)


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: Tensor
    bias: Tensor
    epsilon: float

    def __call__(self, inputs: Tensor) -> Tensor:
        return functional.layer_norm(inputs, self.weight.shape, self.weight, self.bias, self.epsilon)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Attention, then feed-forward; after each a residual sum and a norm."""

    heads: int
    query: _Dense
    key: _Dense
    value: _Dense
    mixed: _Dense
    mixed_norm: _Norm
    inner: _Dense
    outer: _Dense
    outer_norm: _Norm

    def __call__(self, hidden: Tensor) -> Tensor:
        hidden = self.mixed_norm(hidden + self.mixed(self._attend(hidden)))
        return self.outer_norm(hidden + self.outer(functional.gelu(self.inner(hidden))))

    def _attend(self, hidden: Tensor) -> Tensor:
        texts, tokens, width = hidden.shape
        query, key, value = (
            project(hidden).view(texts, tokens, self.heads, -1).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return mixed.transpose(1, 2).reshape(texts, tokens, width)


class Backbone(nn.Module):
    """A module only because FlagEmbedding wants one: its tensors are where and what they were loaded as."""

    def __init__(self, config: PreTrainedConfig, weights: _Weights) -> None:
        """Take the weights.

        Raises:
            ModelUnavailable: A tensor is missing or of another shape than the configuration says.
        """
        super().__init__()
        self.config = config
        hidden, inner = config.hidden_size, config.intermediate_size
        self._words = weights.take("embeddings.word_embeddings.weight", config.vocab_size, hidden)
        # Every text is of the first token type, so its vector can join the positions'.
        types = weights.exact("embeddings.token_type_embeddings.weight", config.type_vocab_size, hidden)
        positions = weights.exact("embeddings.position_embeddings.weight", config.max_position_embeddings, hidden)
        # RoBERTa numbers positions from behind the padding id.
        first = config.pad_token_id + 1 if "roberta" in config.model_type else 0
        self._places = positions[first:] + types[0]
        self._norm = weights.norm("embeddings.LayerNorm", hidden, config.layer_norm_eps)
        self._layers = [
            _Layer(
                heads=config.num_attention_heads,
                query=weights.dense(f"{name}.attention.self.query", hidden, hidden),
                key=weights.dense(f"{name}.attention.self.key", hidden, hidden),
                value=weights.dense(f"{name}.attention.self.value", hidden, hidden),
                mixed=weights.dense(f"{name}.attention.output.dense", hidden, hidden),
                mixed_norm=weights.norm(f"{name}.attention.output.LayerNorm", hidden, config.layer_norm_eps),
                inner=weights.dense(f"{name}.intermediate.dense", inner, hidden),
                outer=weights.dense(f"{name}.output.dense", hidden, inner),
                outer_norm=weights.norm(f"{name}.output.LayerNorm", hidden, config.layer_norm_eps),
            )
            for name in (f"encoder.layer.{index}" for index in range(config.num_hidden_layers))
        ]

    def forward(self, input_ids: Tensor, attention_mask: Tensor, return_dict: bool = True) -> BackboneOutput:
        """Hidden states of texts of one length.

        Args:
            input_ids: Shape (texts, tokens).
            attention_mask: All ones; in the signature because FlagEmbedding passes it.
            return_dict: Likewise.
        """
        hidden = self._norm(self._words[input_ids].float() + self._places[: input_ids.shape[1]])
        for layer in self._layers:
            hidden = layer(hidden)
        return BackboneOutput(hidden)


@dataclass(frozen=True, slots=True)
class _Weights:
    """A checkpoint's tensors, handed out in the wanted number format on the wanted device."""

    tensors: Mapping[str, Tensor]
    dtype: torch.dtype
    device: str

    def take(self, name: str, *shape: int) -> Tensor:
        return self._checked(name, *shape).to(self.device, self.dtype)

    def exact(self, name: str, *shape: int) -> Tensor:
        # A copy: one small tensor that still lies in the mapped file would keep all of it mapped.
        return self._checked(name, *shape).to(self.device, torch.float32, copy=True)

    def dense(self, name: str, outputs: int, inputs: int) -> _Dense:
        return _Dense(self.take(f"{name}.weight", outputs, inputs), self.take(f"{name}.bias", outputs))

    def norm(self, name: str, width: int, epsilon: float) -> _Norm:
        return _Norm(self.exact(f"{name}.weight", width), self.exact(f"{name}.bias", width), epsilon)

    def _checked(self, name: str, *shape: int) -> Tensor:
        tensor = self.tensors.get(name)
        if tensor is None:
            raise ModelUnavailable(f"The weights lack the tensor {name}.")
        if tensor.shape != shape:
            raise ModelUnavailable(f"Tensor {name} has shape {tuple(tensor.shape)}, config.json says {shape}.")
        return tensor


def load_backbone(folder: Path, dtype: torch.dtype, device: str) -> Backbone:
    """Load the backbone of a checkpoint.

    Args:
        folder: With `config.json` and the weights as `transformers` saves them.
        dtype: Of the matrices; norms stay float32.
        device: As torch names it.

    Raises:
        ModelUnavailable: It is no BERT or XLM-RoBERTa, or its weights do not fit its configuration.
    """
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(folder)
    if config.model_type not in ("bert", "roberta", "xlm-roberta") or config.hidden_act != "gelu":
        raise ModelUnavailable(
            f"The backbone is of type {config.model_type}; bert, roberta and xlm-roberta with gelu can be opened."
        )
    tensors: dict[str, Tensor] = {}
    for path in weight_files(folder):
        tensors |= {_PREFIX.sub("", name): tensor for name, tensor in _read(path).items()}
    return Backbone(config, _Weights(tensors, dtype, device))


def _read(path: Path) -> dict[str, Tensor]:
    """A file's tensors, mapped rather than read, so that what is converted anyway is in memory once."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    tensors: dict[str, Tensor] = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    return tensors

"""The backbone in inference form: BERT and XLM-RoBERTa, the one architecture behind every model that we open.

`transformers` has both and gives the same numbers (tests hold us to that), but its model classes bring training and
generation along: seconds more at every start and a third more time per question. Here padding is taken out before the
first layer: the tokens of all texts are multiplied as one matrix, and texts of one length attend together. So a mixed
batch costs what its tokens cost, and a text's numbers do not depend on its companions, not even in bf16. What runs
from layer to layer stays fp32 while the matrices may be bf16 or fp16, which halves the rounding error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from faqbot.encoder.checkpoints.checkpoint import BackboneConfig, read_config, read_kind, weight_files
from faqbot.encoder.inference.linear import Int8Linear, Linear, make_linear
from faqbot.errors import ModelUnavailable
from faqbot.language import _

Product = Linear | Int8Linear
_PREFIX = re.compile(r"^(bert|roberta|xlm_roberta|model)\.")


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: Tensor
    bias: Tensor
    epsilon: float

    def __call__(self, inputs: Tensor) -> Tensor:
        return functional.layer_norm(inputs, self.weight.shape, self.weight, self.bias, self.epsilon)


@dataclass(frozen=True, slots=True)
class _Block:
    """Neighbouring texts of one length: rows `start` to `start + texts * tokens` of the batch."""

    start: int
    texts: int
    tokens: int


@dataclass(frozen=True, slots=True)
class _Layer:
    """Attention, then feed-forward; after each a residual sum and a norm."""

    heads: int
    query_key_value: Product
    mixed: Product
    mixed_norm: _Norm
    inner: Product
    outer: Product
    outer_norm: _Norm

    def __call__(self, hidden: Tensor, blocks: Sequence[_Block]) -> Tensor:
        hidden = self.mixed_norm(hidden + self.mixed(self._attend(hidden, blocks)))
        return self.outer_norm(hidden + self.outer(self.inner(hidden)))

    def _attend(self, hidden: Tensor, blocks: Sequence[_Block]) -> Tensor:
        projected = self.query_key_value(hidden)
        parts = []
        for block in blocks:
            rows = projected[block.start : block.start + block.texts * block.tokens]
            query, key, value = rows.view(block.texts, block.tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            mixed = functional.scaled_dot_product_attention(query, key, value)
            parts.append(mixed.transpose(1, 2).reshape(len(rows), -1))
        return parts[0] if len(parts) == 1 else torch.cat(parts)


class Backbone:
    """Tokens to hidden states.

    Attributes:
        config: What the checkpoint says about it.
    """

    def __init__(self, config: BackboneConfig, weights: _Weights) -> None:
        """Take the weights.

        Raises:
            ModelUnavailable: A tensor is missing or of another shape than the configuration says.
        """
        self.config = config
        hidden, inner = config.hidden_size, config.intermediate_size
        self._words = weights.words("embeddings.word_embeddings.weight", config.vocab_size, hidden)
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
                query_key_value=weights.linear(
                    [f"{name}.attention.self.{part}" for part in ("query", "key", "value")], hidden, hidden
                ),
                mixed=weights.linear([f"{name}.attention.output.dense"], hidden, hidden),
                mixed_norm=weights.norm(f"{name}.attention.output.LayerNorm", hidden, config.layer_norm_eps),
                inner=weights.linear([f"{name}.intermediate.dense"], inner, hidden, gelu=True),
                outer=weights.linear([f"{name}.output.dense"], hidden, inner),
                outer_norm=weights.norm(f"{name}.output.LayerNorm", hidden, config.layer_norm_eps),
            )
            for name in (f"encoder.layer.{index}" for index in range(config.num_hidden_layers))
        ]

    def __call__(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Hidden states, without a computation on the padding.

        Args:
            input_ids: Shape (texts, tokens), padded at the end with any id.
            attention_mask: Same shape; 1 where there is a token, else 0.

        Returns:
            Shape (texts, tokens, hidden), float32; zero where there is no token.
        """
        present = attention_mask.bool()
        places = torch.arange(input_ids.shape[1], device=input_ids.device).expand_as(input_ids)
        hidden = self._norm(self._words[input_ids[present]].float() + self._places[places[present]])
        blocks = _blocks(attention_mask.sum(dim=1).tolist())
        for layer in self._layers:
            hidden = layer(hidden, blocks)
        padded = hidden.new_zeros(*input_ids.shape, hidden.shape[1])
        padded[present] = hidden
        return padded


def _blocks(lengths: Sequence[int]) -> list[_Block]:
    blocks, start = [], 0
    for tokens, texts in groupby(lengths):
        blocks.append(_Block(start, len(list(texts)), tokens))
        start += blocks[-1].texts * tokens
    return blocks


@dataclass(frozen=True, slots=True)
class _Weights:
    """A checkpoint's tensors, handed out in the wanted number format on the wanted device."""

    tensors: Mapping[str, Tensor]
    read_again: Callable[[], Mapping[str, Tensor]]
    dtype: torch.dtype
    device: str

    def words(self, name: str, *shape: int) -> Tensor:
        tensor = self._checked(name, *shape)
        if self.device != "cpu":
            return tensor.to(self.device, self.dtype)
        # The rows stay where they are on disk, in the page cache that all processes share: most words are never
        # asked for. A mapping of their own, so that the pages which converting the rest has touched are given back.
        return self.read_again()[name]

    def exact(self, name: str, *shape: int) -> Tensor:
        # A copy: one small tensor that still lies in the mapped file would keep all of it mapped.
        return self._checked(name, *shape).to(self.device, torch.float32, copy=True)

    def linear(self, names: Sequence[str], outputs: int, inputs: int, *, gelu: bool = False) -> Product:
        """One product for several layers over the same inputs."""
        weight = torch.cat([self._checked(f"{name}.weight", outputs, inputs) for name in names])
        bias = torch.cat([self._checked(f"{name}.bias", outputs) for name in names])
        return make_linear(weight.to(self.device), bias.to(self.device), self.dtype, gelu=gelu)

    def norm(self, name: str, width: int, epsilon: float) -> _Norm:
        return _Norm(self.exact(f"{name}.weight", width), self.exact(f"{name}.bias", width), epsilon)

    def _checked(self, name: str, *shape: int) -> Tensor:
        tensor = self.tensors.get(name)
        if tensor is None:
            raise ModelUnavailable(_("The weights lack the tensor {name}.", name=name))
        if tensor.shape != shape:
            raise ModelUnavailable(
                _(
                    "Tensor {name} has shape {found}, config.json says {shape}.",
                    name=name,
                    found=str(tuple(tensor.shape)),
                    shape=str(shape),
                )
            )
        return tensor


def is_known(folder: Path) -> bool:
    """Whether a checkpoint's backbone is of the architecture that stands here."""
    return read_kind(folder) in {(kind, "gelu") for kind in ("bert", "roberta", "xlm-roberta")}


def load_backbone(folder: Path, dtype: torch.dtype, device: str) -> Backbone:
    """Load the backbone of a checkpoint.

    Args:
        folder: One that `is_known`, with `config.json` and the weights as `transformers` saves them.
        dtype: Of the matrices, `torch.int8` among them on CPUs; norms stay float32.
        device: As torch names it.

    Raises:
        ModelUnavailable: The weights do not fit the configuration.
    """
    config = read_config(folder)

    def read() -> dict[str, Tensor]:
        return {
            _PREFIX.sub("", name): tensor
            for path in weight_files(folder)
            for name, tensor in read_weights(path).items()
        }

    return Backbone(config, _Weights(read(), read, dtype, device))


def read_weights(path: Path) -> dict[str, Tensor]:
    """One file's tensors, mapped rather than read, so that what is converted anyway is in memory once."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    tensors: dict[str, Tensor] = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    return tensors

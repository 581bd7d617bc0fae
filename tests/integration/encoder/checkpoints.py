"""Makes tiny checkpoints in BGE-M3's layout: real files, random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import BertConfig, BertModel, ElectraConfig, ElectraModel, XLMRobertaConfig, XLMRobertaModel

from faqbot.encoder.compact.tokenizer import build_tokenizer

HIDDEN = 32
_WORDS = "▁refund ▁order ▁my ▁how ▁do ▁i ▁reset password 密码 修改 怎么 登录 ▁wo ▁paket ▁vip 会员 ▁query"
_LETTERS = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.?!:怎么修改登录密码会员元"


def small_pieces() -> list[tuple[str, float]]:
    """XLM-R's order of special pieces around a handful of words and letters."""
    words = [(word, -6.0 - index / 10) for index, word in enumerate(_WORDS.split())]
    letters = [(letter, -12.0 - index / 10) for index, letter in enumerate(dict.fromkeys(_LETTERS))]
    special = [(piece, 0.0) for piece in ("<s>", "<pad>", "</s>", "<unk>")]
    return [*special, *words, *letters, ("<mask>", 0.0)]


def make_checkpoint(folder: Path, kind: str, *, pooler: bool = False) -> Path:
    """Write a checkpoint.

    Args:
        folder: Where to.
        kind: `xlm-roberta`, BGE-M3's own backbone, `bert`, the compact model's, or `electra`, somebody else's.
        pooler: Whether the weights hold a pooler, as BGE-M3's do.
    """
    generator = torch.manual_seed(7)
    pieces = small_pieces()
    sizes: dict[str, Any] = {
        "vocab_size": len(pieces),
        "hidden_size": HIDDEN,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "initializer_range": 0.3,  # Large, so that a wrong step moves numbers by far more than rounding does.
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
    }
    if kind == "xlm-roberta":
        config = XLMRobertaConfig(**sizes, max_position_embeddings=66, type_vocab_size=1)
        backbone = XLMRobertaModel(config, add_pooling_layer=pooler)
    elif kind == "electra":
        backbone = ElectraModel(ElectraConfig(**sizes, embedding_size=16, max_position_embeddings=64))
    else:
        backbone = BertModel(BertConfig(**sizes, max_position_embeddings=64), add_pooling_layer=pooler)
    backbone.save_pretrained(folder)
    build_tokenizer(pieces, positions=64).save_pretrained(folder)
    for name, outputs in (("sparse_linear", 1), ("colbert_linear", HIDDEN)):
        weight = torch.randn(outputs, HIDDEN, generator=generator) * 0.3
        torch.save({"weight": weight, "bias": torch.full((outputs,), 0.2)}, folder / f"{name}.pt")
    return folder

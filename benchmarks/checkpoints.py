"""The models that are measured: the compact one, one that is named, or one of BGE-M3's full size made up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from faqbot.encoder.catalogue import describe_model
from faqbot.encoder.checkpoints.checkpoint import recorded_instruction, recorded_pooling
from faqbot.encoder.quiet import quieten_libraries
from faqbot.settings import EncoderSettings

FULL_SIZE = "full-size"
"""Name of the model with BGE-M3's layout and size and random weights: as slow as the real one, and as large."""


@dataclass(frozen=True, slots=True)
class Model:
    """A checkpoint on this machine.

    Attributes:
        setting: What `encoder.model` takes.
        folder: Where it is.
        pooling: `cls` or `mean`.
        instruction: What is put before every text.
    """

    setting: str
    folder: Path
    pooling: str
    instruction: str


@contextmanager
def model_of(name: str) -> Iterator[Model]:
    """Find a model by its setting, or make up `FULL_SIZE`, which takes 2.3 GB of disk for as long as it is used."""
    with TemporaryDirectory() as place:
        folder = _make_up(Path(place) / FULL_SIZE) if name == FULL_SIZE else _find(name)
        setting = str(folder) if name == FULL_SIZE else name
        yield Model(setting, folder, recorded_pooling(folder), recorded_instruction(folder))


def _find(name: str) -> Path:
    folder = describe_model(name, EncoderSettings()).folder
    if folder is None:
        raise SystemExit(f"The model {name} is not on this machine: run `faqbot model pull {name}`.")
    return folder


def _make_up(folder: Path) -> Path:
    quieten_libraries()
    import torch
    from transformers import XLMRobertaConfig, XLMRobertaModel

    config = XLMRobertaConfig(
        vocab_size=250_002,
        hidden_size=1024,
        num_hidden_layers=24,
        num_attention_heads=16,
        intermediate_size=4096,
        max_position_embeddings=8194,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    torch.manual_seed(0)
    XLMRobertaModel(config, add_pooling_layer=False).save_pretrained(folder)
    for name, outputs in (("sparse_linear", 1), ("colbert_linear", 1024)):
        torch.save(torch.nn.Linear(1024, outputs).state_dict(), folder / f"{name}.pt")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(_find("compact") / name, folder)
    return folder

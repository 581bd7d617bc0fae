"""Builds the compact model: multilingual-e5-small from an installed package, as a checkpoint in BGE-M3's layout.

The result is a plain folder that FlagEmbedding loads like BGE-M3: a BERT backbone, a tokenizer, the sparse and the
ColBERT head. Building takes some ten seconds, happens once per machine, and needs no network.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from faqbot.encoder.checkpoints.checkpoint import is_intact, seal
from faqbot.encoder.checkpoints.digests import Digests
from faqbot.encoder.compact.e5_file import PACKAGE, SHA256, E5File, Sizes, find_e5_file, read_e5_file
from faqbot.encoder.compact.fitted_heads import fit_heads
from faqbot.encoder.compact.tokenizer import build_tokenizer
from faqbot.encoder.encoding import Report, Vector
from faqbot.encoder.quiet import quieten_libraries
from faqbot.errors import ModelUnavailable
from faqbot.language import _

# Float32 tensors `sparse_linear.weight` (1, 384), `.bias` (1,), `colbert_linear.weight` (384, 384), `.bias` (384,).
TRAINED_HEADS = Path(__file__).parent / "heads" / "compact.safetensors"
# Float16 low-rank updates of some of the backbone's matrices, `<matrix>.down` (rank, inputs), `<matrix>.up` (outputs,
# rank): the matrix becomes itself plus up @ down.
TUNED_BACKBONE = Path(__file__).parent / "heads" / "backbone.safetensors"
INSTRUCTION = "query: "
_LAYOUT = 2  # Raise when the builder writes something else, so that older builds are left aside.
_BUILDING = ".building"


def compact_folder(cache_dir: Path, *, tuned: bool = True) -> Path:
    """Where the compact model is, or will be built: named by everything that its content depends on.

    Args:
        cache_dir: Where models are kept.
        tuned: Whether the backbone is updated by what was learned; without, it is as its package has it.
    """
    recipe = hashlib.sha256(f"{SHA256} {_LAYOUT}".encode())
    for learned in (TRAINED_HEADS, *([TUNED_BACKBONE] if tuned else [])):
        if learned.is_file():
            recipe.update(learned.read_bytes())
    return cache_dir.expanduser() / "models" / f"compact-{recipe.hexdigest()[:12]}"


def ensure_compact(cache_dir: Path, report: Report, *, tuned: bool = True) -> Path:
    """The folder of the compact model, built first where it is not there or damaged.

    Safe against other processes that do the same, and against being killed halfway: the folder gets its name only
    once it is whole.

    Args:
        cache_dir: Where models are kept.
        report: Told what takes its time.
        tuned: As in `compact_folder`.

    Raises:
        ModelUnavailable: The package with the weights is missing or damaged, or the folder cannot be written.
    """
    folder = compact_folder(cache_dir, tuned=tuned)
    digests = Digests(cache_dir)
    if is_intact(folder, digests):
        return folder
    quieten_libraries()
    source = find_e5_file()
    try:
        with _only_one_builder(folder, report):
            if not is_intact(folder, digests):
                _build(source, folder, report, tuned)
    except ModelUnavailable:
        raise
    except Exception as error:  # A full disk shows as OSError, RuntimeError or SafetensorError, as the writer likes.
        raise ModelUnavailable(
            _(
                "The compact model (about 500 MB) cannot be built in {parent}: {error}; make room there or "
                "set encoder.cache_dir to another folder.",
                parent=folder.parent,
                error=str(error),
            )
        ) from error
    return folder


@contextmanager
def _only_one_builder(folder: Path, report: Report) -> Iterator[None]:
    from filelock import FileLock, Timeout

    folder.parent.mkdir(parents=True, exist_ok=True)
    # The system drops this lock when its holder dies, however it dies.
    lock = FileLock(folder.parent / "compact.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report(_("Another process is building the compact model; waiting for it."))
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _build(source: Path, folder: Path, report: Report, tuned: bool) -> None:
    # Whoever holds the lock is the only builder, so what lies here was left by one that died.
    for leftover in folder.parent.glob(f"compact-*{_BUILDING}"):
        shutil.rmtree(leftover)
    unfinished = folder.with_suffix(_BUILDING)
    unfinished.mkdir()
    try:
        report(_("Building the compact model (once, about 20 seconds): reading the 4-bit weights."))
        file = read_e5_file(source)
        report(_("Building the compact model: writing backbone and tokenizer."))
        tuned = tuned and TUNED_BACKBONE.is_file()
        _write_backbone(file, unfinished, tuned)
        build_tokenizer(file.pieces, file.sizes.positions).save_pretrained(unfinished)
        report(_("Building the compact model: adding the heads."))
        _write_heads(unfinished, file)
        seal(unfinished, _facts(tuned))
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    if folder.exists():  # Damaged, else we would not be here.
        shutil.rmtree(folder)
    os.replace(unfinished, folder)
    report(_("The compact model is ready in {folder}.", folder=folder))


def _facts(tuned: bool) -> dict[str, object]:
    return {
        "model": "compact",
        "base": "intfloat/multilingual-e5-small",
        "source": {"package": PACKAGE, "sha256": SHA256},
        "layout": _LAYOUT,
        "backbone": "tuned" if tuned else "as published",
        "heads": "trained" if TRAINED_HEADS.is_file() else "fitted",
        "pooling": "mean",
        "query_instruction": INSTRUCTION,
    }


def _write_backbone(file: E5File, folder: Path, tuned: bool) -> None:
    from safetensors.numpy import load_file, save_file

    updates = load_file(TUNED_BACKBONE) if tuned else {}
    tensors = dict(_named_for_bert(file))
    for name in {update.rpartition(".")[0] for update in updates}:
        up, down = (updates[f"{name}.{part}"].astype(np.float32) for part in ("up", "down"))
        tensors[name] = tensors[name] + up @ down
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(_bert_config(file.sizes), indent=2) + "\n", encoding="utf-8")


def _named_for_bert(file: E5File) -> Iterator[tuple[str, Vector]]:
    """The tensors in matrix form under the names of `transformers.BertModel`."""
    hidden = file.sizes.hidden
    names = {
        "emb.word": "embeddings.word_embeddings",
        "emb.pos": "embeddings.position_embeddings",
        "emb.type": "embeddings.token_type_embeddings",
    }
    for ours, theirs in names.items():
        yield f"{theirs}.weight", file.tensors[ours].reshape(-1, hidden)
    yield from _weight_and_bias(file, "emb.ln", "embeddings.LayerNorm", columns=0)
    for layer in range(file.sizes.layers):
        parts = [
            ("q", "attention.self.query", hidden),
            ("k", "attention.self.key", hidden),
            ("v", "attention.self.value", hidden),
            ("ao", "attention.output.dense", hidden),
            ("aln", "attention.output.LayerNorm", 0),
            ("fi", "intermediate.dense", hidden),
            ("fo", "output.dense", file.sizes.feed_forward),
            ("oln", "output.LayerNorm", 0),
        ]
        for ours, theirs, columns in parts:
            yield from _weight_and_bias(file, f"l{layer}.{ours}", f"encoder.layer.{layer}.{theirs}", columns)


def _weight_and_bias(file: E5File, ours: str, theirs: str, columns: int) -> Iterator[tuple[str, Vector]]:
    weight = file.tensors[f"{ours}.w"]
    yield f"{theirs}.weight", weight.reshape(-1, columns) if columns else weight
    yield f"{theirs}.bias", file.tensors[f"{ours}.b"]


def _bert_config(sizes: Sizes) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.feed_forward,
        "vocab_size": sizes.vocabulary,
        "max_position_embeddings": sizes.positions,
        "type_vocab_size": sizes.token_types,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
    }


def _write_heads(folder: Path, file: E5File) -> None:
    """`sparse_linear.pt` and `colbert_linear.pt`, as FlagEmbedding saves them."""
    import torch
    from safetensors.torch import load_file

    if TRAINED_HEADS.is_file():
        heads = load_file(TRAINED_HEADS)
    else:
        scores = np.array([score for _, score in file.pieces], dtype=np.float32)
        heads = fit_heads(folder, INSTRUCTION, scores)
    for name in ("sparse_linear", "colbert_linear"):
        state = {part: heads[f"{name}.{part}"].float().contiguous() for part in ("weight", "bias")}
        torch.save(state, folder / f"{name}.pt")

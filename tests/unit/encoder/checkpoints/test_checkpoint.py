from __future__ import annotations

import json
from pathlib import Path

import pytest

from faqbot.encoder.checkpoints.checkpoint import (
    check,
    is_intact,
    missing_files,
    missing_names,
    recorded_instruction,
    recorded_pooling,
    seal,
    shape,
)
from faqbot.encoder.checkpoints.digests import Digests
from faqbot.errors import ModelUnavailable

WHOLE = ["config.json", "sparse_linear.pt", "colbert_linear.pt", "tokenizer.json", "pytorch_model.bin"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in WHOLE:
        (tmp_path / name).write_text("{}")
    return tmp_path


def test_a_whole_checkpoint_misses_nothing(folder: Path) -> None:
    assert missing_names(WHOLE) == []
    assert missing_files(folder) == []


@pytest.mark.parametrize("name", ["config.json", "sparse_linear.pt", "colbert_linear.pt"])
def test_each_file_is_asked_for(name: str) -> None:
    assert missing_names([other for other in WHOLE if other != name]) == [name]


def test_weights_and_tokenizer_may_have_either_form() -> None:
    bare = WHOLE[:3]
    assert missing_names(bare) == [
        "tokenizer.json or sentencepiece.bpe.model",
        "model.safetensors or pytorch_model.bin",
    ]
    assert missing_names([*bare, "sentencepiece.bpe.model", "model.safetensors"]) == []


def test_an_empty_file_counts_as_missing(folder: Path) -> None:
    (folder / "sparse_linear.pt").write_text("")
    assert missing_files(folder) == ["sparse_linear.pt"]


def test_parts_of_split_weights_are_asked_for(folder: Path) -> None:
    (folder / "pytorch_model.bin").unlink()
    index = {"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "model-1.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "model-1.safetensors").write_text("x")
    assert missing_files(folder) == ["model-2.safetensors"]


def test_the_refusal_names_model_folder_and_files(folder: Path) -> None:
    (folder / "colbert_linear.pt").unlink()
    with pytest.raises(ModelUnavailable) as refused:
        check(folder, "mine")
    assert str(refused.value) == f"Model mine in {folder} is incomplete; it lacks colbert_linear.pt."


def test_pooling_comes_from_our_record_then_from_sentence_transformers_then_cls(folder: Path) -> None:
    assert recorded_pooling(folder) == "cls"
    (folder / "1_Pooling").mkdir()
    theirs = folder / "1_Pooling" / "config.json"
    theirs.write_text(json.dumps({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}))
    assert recorded_pooling(folder) == "mean"
    theirs.write_text(json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}))
    assert recorded_pooling(folder) == "cls"
    (folder / "faqbot.json").write_text(json.dumps({"pooling": "mean"}))
    assert recorded_pooling(folder) == "mean"


def test_the_instruction_is_empty_unless_recorded(folder: Path) -> None:
    assert recorded_instruction(folder) == ""
    (folder / "faqbot.json").write_text(json.dumps({"query_instruction": "query: "}))
    assert recorded_instruction(folder) == "query: "


def test_roberta_counts_positions_from_behind_the_padding_id(folder: Path) -> None:
    sizes = {"hidden_size": 1024, "max_position_embeddings": 8194, "pad_token_id": 1}
    (folder / "config.json").write_text(json.dumps({**sizes, "model_type": "xlm-roberta"}))
    assert shape(folder) == (1024, 8192)
    (folder / "config.json").write_text(json.dumps({**sizes, "model_type": "bert", "max_position_embeddings": 512}))
    assert shape(folder) == (1024, 512)


@pytest.mark.parametrize("content", ["{ }", "[]"])
def test_a_sealed_folder_is_intact_until_a_byte_changes(folder: Path, content: str) -> None:
    assert not is_intact(folder, Digests(folder))
    seal(folder, {"pooling": "mean"})
    assert is_intact(folder, Digests(folder))
    assert recorded_pooling(folder) == "mean"
    (folder / "config.json").write_text(content)
    assert not is_intact(folder, Digests(folder))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pooling": "mean"}', '{"files": {}}'])
def test_half_a_seal_is_no_seal(folder: Path, content: str) -> None:
    (folder / "faqbot.json").write_text(content)
    assert not is_intact(folder, Digests(folder))


def test_no_folder_is_not_intact(tmp_path: Path) -> None:
    assert not is_intact(tmp_path / "none", Digests(tmp_path))

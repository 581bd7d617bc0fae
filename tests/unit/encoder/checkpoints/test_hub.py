from __future__ import annotations

import pytest

from faqbot.encoder.checkpoints.hub import is_hub_name, needed_files


@pytest.mark.parametrize("name", ["BAAI/bge-m3", "someone/my_model.v2", "a/b"])
def test_owner_and_name_make_a_hub_name(name: str) -> None:
    assert is_hub_name(name)


@pytest.mark.parametrize(
    "name", ["bge-m3", "/abs/path", "./here", "../up", "a/b/c", "a/", "/b", "~/models", "a b/c", ""]
)
def test_paths_are_no_hub_names(name: str) -> None:
    assert not is_hub_name(name)


def test_other_formats_of_the_same_weights_stay_on_the_hub() -> None:
    listed = [
        ".gitattributes",
        "1_Pooling/config.json",
        "README.md",
        "colbert_linear.pt",
        "config.json",
        "imgs/bm25.jpg",
        "long.jsonl",
        "onnx/model.onnx",
        "onnx/model.onnx_data",
        "pytorch_model.bin",
        "sentencepiece.bpe.model",
        "sparse_linear.pt",
        "tokenizer.json",
    ]
    needed = [
        "1_Pooling/config.json",
        "colbert_linear.pt",
        "config.json",
        "pytorch_model.bin",
        "sentencepiece.bpe.model",
        "sparse_linear.pt",
        "tokenizer.json",
    ]
    assert needed_files(listed) == needed
    assert needed_files([*listed, "model.safetensors"]) == [
        *(name for name in needed if name != "pytorch_model.bin"),
        "model.safetensors",
    ]
